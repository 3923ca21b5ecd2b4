/// A file descriptor and which of its uses is meant: descriptors are used again, so what was meant for a closed
/// connection must not reach its successor.
struct ConnectionID: Hashable, Sendable {
  let descriptor: Int32
  let generation: UInt32

  init(descriptor: Int32, generation: UInt32) {
    self.descriptor = descriptor
    self.generation = generation
  }

  init(token: UInt64) {
    descriptor = Int32(bitPattern: UInt32(truncatingIfNeeded: token))
    generation = UInt32(truncatingIfNeeded: token >> 32)
  }

  /// Both numbers in one, as epoll carries them.
  var token: UInt64 { UInt64(generation) << 32 | UInt64(UInt32(bitPattern: descriptor)) }
}
