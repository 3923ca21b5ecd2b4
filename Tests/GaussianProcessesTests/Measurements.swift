import COpenBLAS
import Foundation
import GaussianProcesses
import NumericalMethods
import TestSupport
import Testing

/// Numbers for people, not assertions: `HONE_MEASURE=likelihood swift test -c release --filter GaussianProcessesTests`.
@Suite("Measurements of Gaussian processes", .serialized)
struct Measurements {
  @Test(
    "Likelihood and gradient against dpotrf and dpotri",
    .enabled(
      if: (ProcessInfo.processInfo.environment["HONE_MEASURE"] ?? "").split(separator: ",").contains("likelihood")))
  func likelihood() throws {
    for (count, dimension) in [(100, 10), (250, 10), (500, 10), (1_000, 10), (1_000, 2), (1_000, 20)] {
      let layout = InputLayout((0..<dimension).map { _ in .init(.numeric) })
      var random = SplitMix64(seed: 1)
      let points = (0..<count).map { _ in (0..<dimension).map { _ in Double.random(in: 0...1, using: &random) } }
      let observations = Observations(
        Inputs(points, layout: layout), targets: points.map { $0.reduce(0) { $0 + sin(5 * $1) } })
      let kernel = AnisotropicKernel(layout: layout)
      let hyperparameters = Hyperparameters(
        lengthscales: Array(repeating: 0.7, count: dimension), signalVariance: 1, noiseVariance: 1e-4)
      let likelihood = MarginalLikelihood(observations, kernel: kernel, noise: .learned(floor: 1e-6))
      var matrix = kernel.covariance(at: observations.inputs, hyperparameters).matrixWithGradient().0
      matrix.addToDiagonal(1e-4)

      // Taken in turn, so that whatever else the machine does disturbs both; the least of many is what counts.
      var (bare, whole) = (Double.infinity, Double.infinity)
      for _ in 0..<max(5, 20_000 / count) {
        // First the library, which sets the threads of BLAS to one.
        whole = min(whole, try time { _ = try likelihood.evaluate(hyperparameters) })
        var copy = matrix
        copy.addToDiagonal(0)  // Takes storage of its own before the clock runs.
        bare = min(bare, try time { try invertByLAPACK(&copy) })
      }
      let format = "likelihood n = %d, d = %d: %.5f s, dpotrf and dpotri %.5f s, ratio %.2f"
      print(String(format: format, count, dimension, whole, bare, whole / bare))
    }
  }

  /// The processor time of this thread, which does all the work; a crowded machine hardly changes it.
  private func time(_ body: () throws -> Void) rethrows -> Double {
    func now() -> Double {
      var time = timespec()
      clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
      return Double(time.tv_sec) + 1e-9 * Double(time.tv_nsec)
    }
    let start = now()
    try body()
    return now() - start
  }

  private func invertByLAPACK(_ matrix: inout Matrix) throws {
    let n = blasint(matrix.rows)
    let lower = CChar(UInt8(ascii: "L"))
    let information = matrix.withUnsafeMutableElements { a in
      (
        LAPACKE_dpotrf_work(LAPACK_COL_MAJOR, lower, n, a.baseAddress, n),
        LAPACKE_dpotri_work(LAPACK_COL_MAJOR, lower, n, a.baseAddress, n)
      )
    }
    try #require(information == (0, 0))
  }
}
