import Foundation

/// The smooth objectives whose minima the fixture holds, each as `scripts/reference_values.py` defines it.
enum Objectives {
  typealias Function = @Sendable ([Double], inout [Double]) -> Double

  static let named: [String: Function] = [
    "rosenbrock": rosenbrock, "illConditionedQuadratic": illConditionedQuadratic, "styblinskiTang": styblinskiTang,
    "linear": linear, "powellSingular": powellSingular,
  ]

  static let rosenbrock: Function = { x, gradient in
    for i in x.indices { gradient[i] = 0 }
    var value = 0.0
    for i in 0..<x.count - 1 {
      let gap = x[i + 1] - x[i] * x[i]
      value += 100 * gap * gap + (1 - x[i]) * (1 - x[i])
      gradient[i + 1] += 200 * gap
      gradient[i] += -400 * gap * x[i] - 2 * (1 - x[i])
    }
    return value
  }

  static let illConditionedQuadratic: Function = { x, gradient in
    let sum = x.reduce(0, +)
    var value = 0.0
    for i in x.indices {
      let image = pow(10, 6 * Double(i) / Double(x.count - 1)) * x[i] + sum
      value += 0.5 * x[i] * image - Double(i + 1) * x[i]
      gradient[i] = image - Double(i + 1)
    }
    return value
  }

  static let styblinskiTang: Function = { x, gradient in
    var value = 0.0
    for i in x.indices {
      let square = x[i] * x[i]
      value += 0.5 * (square * square - 16 * square + 5 * x[i])
      gradient[i] = 0.5 * (4 * square * x[i] - 32 * x[i] + 5)
    }
    return value
  }

  static let linear: Function = { x, gradient in
    var value = 0.0
    for i in x.indices {
      gradient[i] = (i % 2 == 0 ? 1 : -1) * Double(i + 1)
      value += gradient[i] * x[i]
    }
    return value
  }

  static let powellSingular: Function = { x, gradient in
    let (p, q) = (x[0] + 10 * x[1], x[2] - x[3])
    let (r, s) = (x[1] - 2 * x[2], x[0] - x[3])
    gradient[0] = 2 * p + 40 * s * s * s
    gradient[1] = 20 * p + 4 * r * r * r
    gradient[2] = 10 * q - 8 * r * r * r
    gradient[3] = -10 * q - 40 * s * s * s
    return p * p + 5 * q * q + r * r * r * r + 10 * s * s * s * s
  }
}
