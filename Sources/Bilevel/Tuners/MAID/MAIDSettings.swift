import TuningModel

/// How the method of adaptive inexact descent is set.
struct MAIDSettings: Sendable {
  /// What proves that a point is stationary.
  enum Stop: String, Sendable {
    /// A short gradient, with a known error in proportion to it; or a short step where the error is not known.
    case step
    /// Gradient and its error together are short.
    case certified
  }

  let eps: Double
  /// The first step length; `nil` for one that moves the point by one unit at most.
  let alpha: Double?
  let shrinkStep, growStep, shrinkAccuracy, growAccuracy: Double
  /// η and λ: how much of the gradient may be error, and how much of the step must be gained.
  let eta, lambda: Double
  /// How many step lengths are tried before more accuracy is asked for, at first.
  let tries: Int
  /// How many of them are asked for at once.
  let parallel: Int
  let isCertificateTested, usesBarzilaiBorwein, fusesGradient: Bool
  let stop: Stop
  let tolerance, floor: Double
  let maxSteps: Int
  let maxInner: Double
  let constants: LossConstants

  static let options: [TunerOption] =
    [
      TunerOption("eps", .number(1e-10...1e10), default: 0.1, "The accuracy to begin with, of solution and gradient."),
      TunerOption(
        "alpha", .number(1e-300...1e300), default: .null,
        "The first step length; where left out, one that moves the point by one unit, and within its box."),
      TunerOption("shrink_step", .number(1e-3...0.999), default: 0.5, "The factor from one tried step to the next."),
      TunerOption(
        "grow_step", .number(1.0...100), default: .number(10.0 / 9), "The factor of the step after one was taken."),
      TunerOption(
        "shrink_accuracy", .number(1e-3...0.999), default: 0.5,
        "The factor of the accuracy where it is too low; 0.25 with grow_accuracy 1.25 for loose constants."),
      TunerOption("grow_accuracy", .number(1.0...100), default: 1.05, "The factor of the accuracy after a step."),
      TunerOption(
        "eta", .number(1e-6...0.999), default: 0.1,
        "The gradient is taken when its error is at most 1 - eta of its length; must be above lambda."),
      TunerOption("lambda", .number(1e-12...0.998), default: 1e-4, "The share of the step that must be gained."),
      TunerOption(
        "tries", .integer(1...1_000), default: .null,
        "How many steps are tried before accuracy is raised; 3 with barzilai_borwein, else 10, where left out."),
      TunerOption(
        "parallel", .integer(1...1_000), default: 1,
        "How many steps of a line are asked for at once, for as many workers."),
      TunerOption(
        "barzilai_borwein", .flag, default: true, "Whether the first step of a line follows the last two gradients."),
      TunerOption("fuse_gradient", .flag, default: false, "Whether tried points are asked for their gradients too."),
      TunerOption(
        "certify", .choice(["auto", "off"]), default: "auto",
        "Whether the gradient's error is tested where it is known; off for constants too loose to be of use: monotone."),
      TunerOption(
        "stop", .choice(["step", "certified"]), default: "step",
        "When a point counts as stationary: by a short gradient or step, or only with the gradient's error."),
      TunerOption(
        "tolerance", .number(0...1e10), default: 1e-4,
        "How short that is; steps along gradients below about the root of the floor cannot be seen to gain."),
      TunerOption("floor", .number(1e-300...1e10), default: 1e-10, "The finest accuracy to ask for."),
      TunerOption("max_steps", .integer(1...1_000_000_000), default: 1_000, "The most steps taken."),
      TunerOption(
        "max_inner", .number(1.0...1e300), default: .null, "The most inner iterations, as answers tell their cost."),
    ] + LossConstants.options

  init(_ options: OptionReader) throws(TunerError) {
    eps = options.required("eps")
    alpha = options.number("alpha")
    shrinkStep = options.required("shrink_step")
    growStep = options.required("grow_step")
    shrinkAccuracy = options.required("shrink_accuracy")
    growAccuracy = options.required("grow_accuracy")
    eta = options.required("eta")
    lambda = options.required("lambda")
    usesBarzilaiBorwein = options.flag("barzilai_borwein")
    tries = options.integer("tries") ?? (usesBarzilaiBorwein ? 3 : 10)
    parallel = options.integer("parallel") ?? 1
    fusesGradient = options.flag("fuse_gradient")
    isCertificateTested = options.choice("certify", Certify.auto) == .auto
    stop = options.choice("stop", .step)
    tolerance = options.required("tolerance")
    floor = options.required("floor")
    maxSteps = options.integer("max_steps") ?? 1
    maxInner = options.number("max_inner") ?? .infinity
    constants = LossConstants(options)
    if eta <= lambda { throw options.refuse("eta", "Must be above lambda, which is \(lambda).") }
    if stop == .certified, !isCertificateTested {
      throw options.refuse("stop", "Needs the gradient's error, which certify off leaves aside.")
    }
    if floor > eps { throw options.refuse("floor", "Is above eps, which is \(eps).") }
  }

  private enum Certify: String { case auto, off }
}
