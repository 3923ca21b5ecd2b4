import Foundation
import NumericalMethods
import TestSupport
import Testing

@Suite("Sobol sequence")
struct SobolSequenceTests {
  struct Reference: Decodable, Sendable {
    let dimensions: Int
    let indices: [Int]
    let points: [[Double]]
  }

  @Test("Without scrambling the points are SciPy's, up to 2,048 dimensions")
  func reference() throws {
    for reference in try GoldenValues("sobol", of: Reference.self, in: .module).cases {
      let sequence = SobolSequence.unscrambled(dimensions: reference.dimensions)
      for (index, point) in zip(reference.indices, reference.points) {
        #expect(sequence.point(at: index) == point, "d = \(reference.dimensions), point \(index)")
      }
    }
  }

  @Test("A range of points holds the same points as one access each", arguments: [0, 1, 37, 1 << 20, (1 << 32) - 9])
  func randomAccess(start: Int) {
    let sequence = SobolSequence(dimensions: 5, seed: 7)
    let matrix = sequence.points(start..<start + 9)
    #expect((0..<9).allSatisfy { matrix.row($0) == sequence.point(at: start + $0) })
  }

  @Test("No points and no dimensions are allowed")
  func empty() {
    #expect(SobolSequence(dimensions: 3, seed: 1).points(5..<5) == Matrix(rows: 0, columns: 3))
    #expect(SobolSequence(dimensions: 0, seed: 1).points(0..<4) == Matrix(rows: 4, columns: 0))
    #expect(SobolSequence(dimensions: 0, seed: 1).point(at: 3) == [])
  }

  @Test("Every aligned block has one point per interval on every axis, up to the last dimension")
  func stratification() {
    let sequence = SobolSequence(dimensions: SobolSequence.maximumDimensions, seed: 99)
    let count = 64
    for block in [0, 5] {
      let points = sequence.points(block * count..<(block + 1) * count)
      for j in 0..<points.columns {
        #expect(Set(points.column(j).map { Int($0 * Double(count)) }).count == count, "dimension \(j), block \(block)")
      }
    }
  }

  @Test("Every elementary box in the first two dimensions has one point", arguments: [UInt64(0), 1, 2, .max])
  func elementaryIntervals(seed: UInt64) {
    let m = 8
    let points = SobolSequence(dimensions: 2, seed: seed).points(0..<1 << m)
    for k in 0...m {
      let boxes = (0..<1 << m).map { i in
        Int(points[i, 0] * Double(1 << k)) << (m - k) + Int(points[i, 1] * Double(1 << (m - k)))
      }
      #expect(Set(boxes).count == 1 << m, "2^\(k) by 2^\(m - k) boxes")
    }
  }

  @Test("Equal seeds give equal sequences, and other seeds others")
  func seeds() {
    let first = SobolSequence(dimensions: 4, seed: 3).points(0..<32)
    #expect(SobolSequence(dimensions: 4, seed: 3).points(0..<32) == first)
    for seed in [UInt64(0), 2, 4, 3 << 32, .max] {
      #expect(SobolSequence(dimensions: 4, seed: seed).points(0..<32).distance(to: first) > 0.1)
    }
  }

  @Test("A coordinate does not depend on how many dimensions follow it")
  func dimensionsAreIndependentOfTheirNumber() {
    let few = SobolSequence(dimensions: 3, seed: 5).points(0..<16)
    let many = SobolSequence(dimensions: 300, seed: 5).points(0..<16)
    #expect((0..<3).allSatisfy { few.column($0) == many.column($0) })
  }

  @Test("Coordinates lie in [0, 1) and use their low bits")
  func range() {
    let points = SobolSequence(dimensions: 20, seed: 8).points(0..<512)
    #expect(points.elements.allSatisfy { $0 >= 0 && $0 < 1 })
    // A fair low bit fails this with probability below 1e-20.
    let odd = points.elements.count { Int64($0 * 0x1p53) & 1 == 1 }
    #expect(odd > 4650 && odd < 5590)
  }

  @Test("Single coordinates are uniform over the seeds")
  func uniformOverSeeds() {
    // 1,000 seeds in 10 cells: the chi-squared statistic with 9 degrees of freedom exceeds 34 with probability 9e-5.
    let coordinates = [(0, 0), (1, 0), (5, 1), (1000, 2)]
    var counts = Matrix(rows: 10, columns: coordinates.count)
    for seed in UInt64(0)..<1000 {
      let sequence = SobolSequence(dimensions: 3, seed: seed)
      for (k, (index, dimension)) in coordinates.enumerated() {
        counts[Int(10 * sequence.point(at: index)[dimension]), k] += 1
      }
    }
    for (k, coordinate) in coordinates.enumerated() {
      let statistic = counts.column(k).reduce(0) { $0 + ($1 - 100) * ($1 - 100) / 100 }
      #expect(statistic < 34, "point \(coordinate.0), dimension \(coordinate.1)")
    }
  }

  @Test("Integrals come out far more exact than by plain Monte Carlo")
  func integration() {
    // ∏ (1 + (x − ½)·4/5): the integral is 1 and plain sampling has variance (1 + 4/75)^d − 1 per point.
    let (d, n, seeds) = (8, 1024, 30)
    var squares = 0.0
    for seed in 0..<UInt64(seeds) {
      let points = SobolSequence(dimensions: d, seed: seed).points(0..<n)
      let sum = (0..<n).reduce(0.0) { $0 + points.row($1).reduce(1) { $0 * (1 + ($1 - 0.5) * 0.8) } }
      let error = sum / Double(n) - 1
      squares += error * error
    }
    let rootMeanSquare = (squares / Double(seeds)).squareRoot()
    let monteCarlo = ((pow(1 + 4.0 / 75, Double(d)) - 1) / Double(n)).squareRoot()
    #expect(rootMeanSquare < monteCarlo / 10)
  }

  @Test("Normal points are the quantiles of the uniform ones, and finite")
  func normalPoints() {
    let sequence = SobolSequence(dimensions: 6, seed: 12)
    let uniform = sequence.points(0..<256)
    let normal = sequence.normalPoints(0..<256)
    #expect(normal.isFinite)
    #expect(normal.distance(to: uniform.map(StandardNormal.inverseCDF)) < 1e-9)
    #expect(SobolSequence.unscrambled(dimensions: 2).normalPoints(0..<1).isFinite)
  }
}
