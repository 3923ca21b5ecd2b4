/// The responses of images to a filter, wherever the filter fits whole: r(i, j) = Σ c(a, b)·x(i + a, j + b).
///
/// Images, filters and responses stand row after row, several images one after another.
struct FilterResponses: Hashable, Sendable {
  let rows: Int
  let columns: Int
  let filterRows: Int
  let filterColumns: Int
  let images: Int

  /// The number of elements of a filter.
  var taps: Int { filterRows * filterColumns }

  private var responseRows: Int { rows - filterRows + 1 }
  private var responseColumns: Int { columns - filterColumns + 1 }

  /// Calls the closure for each row of responses and each tap: where the responses and the pixels under the tap begin.
  private func forEachRow(_ body: (_ tap: Int, _ response: Int, _ pixel: Int) -> Void) {
    for image in 0..<images {
      for i in 0..<responseRows {
        let response = (image * responseRows + i) * responseColumns
        for a in 0..<filterRows {
          for b in 0..<filterColumns {
            body(a * filterColumns + b, response, (image * rows + i + a) * columns + b)
          }
        }
      }
    }
  }

  /// The responses to a filter.
  func apply(_ filter: [Double], _ x: [Double]) -> [Double] {
    var responses = [Double](repeating: 0, count: images * responseRows * responseColumns)
    let width = responseColumns
    responses.withUnsafeMutableBufferPointer { r in
      x.withUnsafeBufferPointer { x in
        forEachRow { tap, response, pixel in
          let c = filter[tap]
          for j in 0..<width { r[response + j] += c * x[pixel + j] }
        }
      }
    }
    return responses
  }

  /// Adds α times the transposed filter of responses to images.
  func addTransposed(_ alpha: Double, _ filter: [Double], _ responses: [Double], into y: inout [Double]) {
    let width = responseColumns
    y.withUnsafeMutableBufferPointer { y in
      responses.withUnsafeBufferPointer { r in
        forEachRow { tap, response, pixel in
          let c = alpha * filter[tap]
          for j in 0..<width { y[pixel + j] += c * r[response + j] }
        }
      }
    }
  }

  /// The derivatives of Σ wᵢ·rᵢ by the elements of the filter.
  func byTaps(_ weights: [Double], _ x: [Double]) -> [Double] {
    var sums = [Double](repeating: 0, count: taps)
    let width = responseColumns
    weights.withUnsafeBufferPointer { w in
      x.withUnsafeBufferPointer { x in
        forEachRow { tap, response, pixel in
          var sum = 0.0
          for j in 0..<width { sum += w[response + j] * x[pixel + j] }
          sums[tap] += sum
        }
      }
    }
    return sums
  }
}
