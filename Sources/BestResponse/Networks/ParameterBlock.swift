/// A matrix within the parameters of a network.
public struct ParameterBlock: Hashable, Sendable, Codable {
  /// What a block is in its layer, y = s·(Wx + b) + (Uλ) ⊙ (Vx) + (U′λ) ⊙ c.
  public enum Role: String, Hashable, Sendable, Codable {
    /// W and b.
    case weights, bias
    /// s.
    case scale
    /// V and c.
    case responseWeights, responseBias
    /// U and U′.
    case gate, biasGate
  }

  /// The index of the layer.
  public var layer: Int
  /// What the block is.
  public var role: Role
  /// Its shape; matrices are kept column by column.
  public var rows, columns: Int
  /// Where its numbers stand.
  public var range: Range<Int>

  /// Whether the block tells how the others respond to hyperparameters, other than what they are without.
  public var isResponse: Bool { ![.weights, .bias, .scale].contains(role) }
}
