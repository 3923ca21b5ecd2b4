import COpenBLAS

/// Which implementation of BLAS computes here: what the last bits of results depend on.
public struct BLASIdentity: Hashable, Sendable {
  /// The version of OpenBLAS, such as 0.3.26.
  public var version: String
  /// The kind of processor that its kernels were chosen for, such as Haswell.
  public var core: String

  /// The one in this process.
  public static let current: BLASIdentity = {
    let words = String(cString: openblas_get_config()).split(separator: " ")
    return BLASIdentity(
      version: words.dropFirst().first.map(String.init) ?? "unknown", core: String(cString: openblas_get_corename()))
  }()

  /// How many threads one call uses.
  public static var threads: Int {
    _ = singleThreadedBLAS
    return Int(openblas_get_num_threads())
  }
}
