import COpenBLAS

/// Limits OpenBLAS to one thread, once per process.
///
/// Studies run in parallel on threads of their own, where one BLAS thread each gives the most throughput. OpenBLAS 0.3
/// has no setting per thread, so every entry point touches this value before its first call.
let singleThreadedBLAS: Void = openblas_set_num_threads(1)

/// A matrix extent as BLAS takes it.
func blasExtent(_ count: Int) -> Int32 { Int32(count) }

/// The leading dimension of a column-major matrix with this many rows; BLAS refuses 0 even for an empty matrix.
func leadingDimension(_ rows: Int) -> Int32 { Int32(max(1, rows)) }
