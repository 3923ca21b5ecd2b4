package import GaussianProcesses
import TuningModel

/// What kind of Gaussian process stands for the objective.
package struct SurrogateForm: Hashable, Sendable {
  /// How correlation falls with distance.
  package var correlation = CorrelationKind.matern52
  /// What is expected before any data.
  package var mean = MeanFunctionKind.constant
  /// How values are warped before they are modelled; `nil` where two warpings take turns.
  package var outputWarping: OutputWarping?
  /// Whether numeric coordinates are warped, with shapes that are fitted.
  package var isInputWarped = false

  /// Creates the form in use unless told otherwise.
  package init() {}

  /// The warping under which predictions are made.
  var mainWarping: OutputWarping { outputWarping ?? .yeoJohnson }

  /// The warping under which the point of a turn is chosen.
  ///
  /// A power that makes values look normal is exact where they span magnitudes, and blows up small differences where a
  /// search has gathered them; drawn-in outliers leave them as they are. Which one a problem needs is not known before,
  /// and taking turns does better than either: each model learns from what the other one found.
  func warping(ofTurn turn: Int) -> OutputWarping {
    outputWarping ?? (turn.isMultiple(of: 2) ? .winsorised : .yeoJohnson)
  }

  /// The covariance function over a layout.
  func kernel(_ layout: InputLayout) -> any CovarianceKernel {
    let kernel = AnisotropicKernel(correlation.correlation, layout: layout)
    return isInputWarped ? InputWarpedKernel(kernel) : kernel
  }

  /// The prior of the hyperparameters over a layout.
  func prior(_ layout: InputLayout, noise: NoiseModel) -> HyperparameterPrior {
    HyperparameterPrior(
      dimension: layout.count, categorical: layout.categoricalDimensions, noise: noise,
      warpedDimensions: isInputWarped ? layout.numericDimensions.count : 0)
  }
}

// MARK: Options

extension SurrogateForm {
  /// The name of two warpings that take turns.
  private static let inTurn = "in_turn"

  /// The options of a tuner that say what the surrogate is.
  static var options: [TunerOption] {
    let standard = SurrogateForm()
    return [
      TunerOption(
        "kernel", .choice(CorrelationKind.allCases.map(\.rawValue)), default: .string(standard.correlation.rawValue),
        """
        How the correlation of two points falls with their distance. matern52: for functions that are smooth, but not \
        without end; matern32: for rougher ones; rbf: for very smooth ones.
        """),
      TunerOption(
        "prior_mean", .choice(MeanFunctionKind.allCases.map(\.rawValue)), default: .string(standard.mean.rawValue),
        """
        What is expected where nothing is known. constant: the number that makes the measurements most likely; \
        arithmetic, median, minimum, worst: that of the values, as costs; linear, quadratic, random_forest, rbf_network: \
        a function fitted first, of which the process models what is left over.
        """),
      TunerOption(
        "output_warping", .choice([inTurn] + OutputWarping.allCases.map(\.rawValue)), default: .string(inTurn),
        """
        How values are mapped, order kept, before they are modelled. in_turn: for one trial by yeo_johnson, for the next \
        by winsorised, which on average do better than either alone (predictions are made by yeo_johnson). yeo_johnson: by the power \
        that makes them look most normal; standard: to mean 0 and variance 1; winsorised: bad outliers are drawn in first; half_rank: the worse half is \
        replaced by normal scores; log: differences between bad values are shrunk; half_rank_log: both; none: not at all, \
        for metrics that have mean 0 and variance 1 by design.
        """),
      TunerOption(
        "input_warping", .flag, default: .bool(standard.isInputWarped),
        "Whether each numeric coordinate is stretched so that the objective changes evenly (Kumaraswamy's distribution)."
      ),
    ]
  }

  /// The form that a study's options choose; the catalog has checked them.
  init(_ study: StudyDefinition, _ description: TunerDescription) {
    func choice<Choice: RawRepresentable<String>>(_ option: String, _ standard: Choice) -> Choice {
      guard case .string(let name)? = description.value(of: option, in: study) else { return standard }
      return Choice(rawValue: name) ?? standard
    }
    correlation = choice("kernel", correlation)
    mean = choice("prior_mean", mean)
    if case .string(let name)? = description.value(of: "output_warping", in: study) {
      outputWarping = OutputWarping(rawValue: name)
    }
    if case .bool(let isWarped)? = description.value(of: "input_warping", in: study) { isInputWarped = isWarped }
  }
}
