import Foundation
import NumericalMethods
import Testing

@Suite("BLAS threads")
struct BLASThreadsTests {
  @Test("After the first product OpenBLAS runs on one thread")
  func oneThread() throws {
    #expect(Matrix.identity(2).multiplying(.identity(2)) == .identity(2))
    // Asked for by name at run time, so that the tests need not link the library themselves.
    let symbol = try #require(dlsym(dlopen(nil, RTLD_NOW), "openblas_get_num_threads"))
    let threads = unsafeBitCast(symbol, to: (@convention(c) () -> Int32).self)
    #expect(threads() == 1)
  }
}
