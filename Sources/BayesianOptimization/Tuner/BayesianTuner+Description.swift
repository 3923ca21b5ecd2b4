public import TuningModel

extension BayesianTuner {
  /// What the catalog says of it.
  public static let description = TunerDescription(
    name: "bayesian",
    summary: """
      Fits a Gaussian process to all measurements and proposes the point with the best chance of improving on them. The \
      choice for objectives that are costly to evaluate, up to a few thousand trials.
      """,
    options: [
      TunerOption(
        "acquisition", .choice(AcquisitionOptions.Kind.allCases.map(\.rawValue)), default: "log_ei",
        """
        What chooses the next point. log_ei: the highest logarithm of the expected improvement; ei: the same without the \
        logarithm, for comparison; pi: the highest probability of an improvement by a tenth of the values' standard \
        deviation. These three are discounted where noise would hide an improvement; the others are not. ucb: the best \
        confidence bound, mean minus coefficient times deviation (of a cost). epsilon_greedy: the best mean, but with \
        probability epsilon a random point. exploit: the best mean. thompson: the best point of a function drawn from the model.
        """),
      TunerOption(
        "epsilon", .number(0...1), default: 0.1,
        "With epsilon_greedy: the probability of a random point."),
      TunerOption(
        "explore", .choice(EpsilonGreedyProposals.Exploration.allCases.map(\.rawValue)), default: "front",
        """
        With epsilon_greedy: where random points come from. box: uniformly from all feasible points. front: from those of \
        which none has both a worse mean and a smaller deviation than another.
        """),
      TunerOption(
        "ucb_coefficient", .number(0...1_000), default: 1.8,
        "With ucb and the fixed schedule: how many deviations the bound is better than the mean; 0 is exploit."),
      TunerOption(
        "ucb_schedule", .choice(ConfidenceSchedule.allCases.map(\.rawValue)), default: "fixed",
        """
        With ucb: how the coefficient grows with the number of trials. fixed: not at all. srinivas (with the published \
        guarantee), hebo and smac: as published; all three explore more.
        """),
      TunerOption(
        "pending", .choice(PendingRule.allCases.map(\.rawValue)), default: .null,
        """
        How unfinished trials enter. fantasies: the utility is averaged over values that they may bring. believer: they are \
        believed to bring what the model expects, so its doubt shrinks around them. Where it is left open: fantasies with \
        log_ei, ei and pi; believer with ucb, epsilon_greedy and exploit, which take no other. thompson needs neither.
        """),
      TunerOption(
        "restless", .flag, default: true,
        """
        With log_ei, ei and pi: whether every other trial looks elsewhere once next to nothing is expected of any point (less \
        than a thousandth of the values' standard deviation), because the model may be wrong where little was measured. It \
        differs from the best point in one parameter, which the confidence bound with coefficient 10 chooses; and when the \
        newest 20 results (or two for each dimension, if more) have brought no improvement, every fourth trial may begin a \
        search anew, which knows its own trials alone and has every other one until it is over.
        """),
      TunerOption(
        "refine", .flag, default: true,
        """
        With log_ei, ei and pi: whether from 50 results on every fourth trial goes by a model of the best point's \
        neighbourhood alone, which resolves more where the objective is steeper there than elsewhere; not where noise makes more than a tenth of the variance, \
        or where it is known.
        """),
      TunerOption(
        "initial_trials", .integer(1...10_000), default: .null,
        """
        Trials that are laid out over the space before the model decides. Where it is left open: 5, or with \
        categorical parameters two for each dimension, from 5 to 16; of a budget of trials no more than a quarter.
        """),
    ] + SurrogateForm.options)
}
