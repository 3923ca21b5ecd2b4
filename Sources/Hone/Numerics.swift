import NumericalMethods

/// What computes suggestions in this process, for those who look for the cause of something.
package enum Numerics {
  /// The version of OpenBLAS.
  package static var library: String { BLASIdentity.current.version }
  /// The kind of processor that its kernels were chosen for.
  package static var core: String { BLASIdentity.current.core }
  /// How many threads one computation uses.
  package static var threads: Int { BLASIdentity.threads }
}
