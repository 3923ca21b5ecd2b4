import Testing
import TuningModel

@Suite("The random stream")
struct RandomStreamTests {
  @Test("Blocks equal NumPy's Philox generator")
  func philox() {
    // numpy.random.Philox(key=[1234567890123, 2], counter=0).random_raw(6); NumPy counts up before its first block.
    var stream = RandomStream(key: (1_234_567_890_123, 2), counter: (1, 0, 0, 0))
    let expected: [UInt64] = [
      0xb5c6_ecd8_1ae4_590d, 0xb425_ad99_e177_2e51, 0xd89f_1555_8422_4061, 0xd891_aaa9_7a31_fbc5,
      0x133d_c1a8_560e_754d, 0xacdf_a470_3a9f_8873,
    ]
    #expect(expected.indices.map { _ in stream.next() } == expected)
    var other = RandomStream(key: (7, 0), counter: (5, 17, 0, 0))
    #expect(other.next() == 0x6d43_b0f9_53ab_6997)
  }

  @Test("A stream depends on seed, trial and purpose, and on nothing else")
  func keys() {
    func first(_ stream: RandomStream) -> UInt64 {
      var stream = stream
      return stream.next()
    }
    let reference = first(RandomStream(seed: 1, trial: 1))
    #expect(first(RandomStream(seed: 1, trial: 1)) == reference)
    #expect(first(RandomStream(seed: 2, trial: 1)) != reference)
    #expect(first(RandomStream(seed: 1, trial: 2)) != reference)
    #expect(first(RandomStream(seed: 1, trial: 1, purpose: .fitting)) != reference)
  }
}
