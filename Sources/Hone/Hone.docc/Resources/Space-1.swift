import Hone

enum Kernel: String, CaseIterable {
  case linear, gaussian
}

let kernel = ParameterKey.choice("kernel", of: Kernel.self)
let penalty = ParameterKey.float("penalty", 1e-3...1e3, scale: .log)
let width = ParameterKey.float("width", 1e-2...1e2, scale: .log)
  .when(Condition("kernel", isOneOf: [.string("gaussian")]))
