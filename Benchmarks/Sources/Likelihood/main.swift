import COpenBLAS
import Foundation
import GaussianProcesses
import NumericalMethods

// likelihood
// A marginal likelihood with its gradient beside the bare LAPACK calls in it, dpotrf and dpotri, on one thread: a line of
// JSON for each number of observations n and dimensions d.

/// The seconds of processor time that `body` takes on this thread; a crowded machine hardly changes them.
func seconds(_ body: () throws -> Void) rethrows -> Double {
  func now() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + 1e-9 * Double(time.tv_nsec)
  }
  let start = now()
  try body()
  return now() - start
}

func invertByLAPACK(_ matrix: inout Matrix) {
  let n = blasint(matrix.rows)
  let lower = CChar(UInt8(ascii: "L"))
  let outcome = matrix.withUnsafeMutableElements { a in
    (
      LAPACKE_dpotrf_work(LAPACK_COL_MAJOR, lower, n, a.baseAddress, n),
      LAPACKE_dpotri_work(LAPACK_COL_MAJOR, lower, n, a.baseAddress, n)
    )
  }
  guard outcome == (0, 0) else { fatalError("LAPACK refuses the matrix: \(outcome)") }
}

for (count, dimension) in [(100, 10), (250, 10), (500, 10), (1_000, 10), (1_000, 2), (1_000, 20)] {
  let layout = InputLayout(numeric: dimension)
  let sequence = SobolSequence(dimensions: dimension, seed: 1)
  let points = (0..<count).map { sequence.point(at: $0) }
  let observations = Observations(
    Inputs(points, layout: layout), targets: points.map { $0.reduce(0) { $0 + sin(5 * $1) } })
  let kernel = AnisotropicKernel(layout: layout)
  let hyperparameters = Hyperparameters(
    lengthscales: Array(repeating: 0.7, count: dimension), signalVariance: 1, noiseVariance: 1e-4)
  let likelihood = MarginalLikelihood(observations, kernel: kernel, noise: .learned(floor: 1e-6))
  var matrix = kernel.covariance(at: observations.inputs, hyperparameters).matrixWithGradient().0
  matrix.addToDiagonal(1e-4)

  // Taken in turns, so that whatever else the machine does disturbs both.
  var (bare, whole): ([Double], [Double]) = ([], [])
  for _ in 0..<max(15, 20_000 / count) {
    // First the library, which sets the threads of BLAS to one.
    whole.append(try seconds { _ = try likelihood.evaluate(hyperparameters) })
    var copy = matrix
    copy.addToDiagonal(0)  // Takes storage of its own before the clock runs.
    bare.append(seconds { invertByLAPACK(&copy) })
  }
  let (least, leastBare) = (whole.min() ?? .nan, bare.min() ?? .nan)
  let medians = (whole.sorted()[whole.count / 2], bare.sorted()[bare.count / 2])
  let format =
    #"{"kind":"likelihood","n":%d,"d":%d,"seconds":%.6f,"lapack_seconds":%.6f,"ratio":%.3f,"#
    + #""ratio_of_medians":%.3f}"#
  print(
    String(
      format: format, count, dimension, least, leastBare, least / leastBare, medians.0 / medians.1))
}
