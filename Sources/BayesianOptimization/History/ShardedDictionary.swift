/// A dictionary in shards: to change one that shares its storage with a copy, one shard is copied rather than all.
package struct ShardedDictionary<Key: Hashable, Value> {
  private static var shardCount: Int { 512 }

  private var shards = Array(repeating: [Key: Value](), count: shardCount)

  /// Creates an empty dictionary.
  package init() {}

  /// All keys with their values, in no order.
  package var pairs: [(key: Key, value: Value)] { shards.flatMap { shard in shard.map { ($0.key, $0.value) } } }

  private static func shard(_ key: Key) -> Int { Int(UInt(bitPattern: key.hashValue) % UInt(shardCount)) }

  /// The value of a key; `nil` where there is none.
  package subscript(key: Key) -> Value? {
    get { shards[Self.shard(key)][key] }
    _modify { yield &shards[Self.shard(key)][key] }
  }
}

extension ShardedDictionary: Sendable where Key: Sendable, Value: Sendable {}
extension ShardedDictionary: Equatable where Value: Equatable {}
extension ShardedDictionary: Hashable where Value: Hashable {}
