package import GaussianProcesses
import NumericalMethods

extension Fantasies {
  /// The one fantasy in which every pending trial brings what the posterior expects of it.
  ///
  /// The posterior's variance shrinks around pending trials, its mean stays. With a confidence bound this is GP-BUCB.
  /// - Source: Ginsbourger, Le Riche, Carraro 2010, section 4.2.1 (Kriging believer); Desautels, Krause, Burdick 2014,
  ///   "Parallelizing exploration-exploitation tradeoffs in Gaussian process bandit optimization", section 3.
  package init(believing posterior: Posterior, incumbent: Double) {
    normals = Matrix(rows: 1, columns: posterior.pendingCount)
    incumbents = [posterior.pendingMeans.reduce(incumbent, min)]
  }
}
