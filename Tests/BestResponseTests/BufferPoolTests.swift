import BestResponse
import Testing

@Suite("Room that is used again")
struct BufferPoolTests {
  private static func place(_ numbers: [Double]) -> UInt {
    numbers.withUnsafeBufferPointer { UInt(bitPattern: $0.baseAddress) }
  }

  @Test("What is given back is what the next of its size gets, and no other size")
  func reuse() {
    let pool = BufferPool()
    let place = {
      let numbers = pool.take(100)
      pool.give(numbers)
      return Self.place(numbers)
    }()
    let other = pool.take(101)
    #expect(other.count == 101)
    let again = pool.take(100)
    #expect(Self.place(again) == place)
    let second = pool.take(100)
    #expect(Self.place(second) != place)
  }

  @Test("What is given back while somebody still has it stays as it was for them")
  func sharing() {
    let pool = BufferPool()
    var numbers = pool.take(3)
    for i in numbers.indices { numbers[i] = Double(i) }
    pool.give(numbers)
    var taken = pool.take(3)
    for i in taken.indices { taken[i] = 7 }
    #expect(numbers == [0, 1, 2])
    #expect(taken == [7, 7, 7])
  }
}
