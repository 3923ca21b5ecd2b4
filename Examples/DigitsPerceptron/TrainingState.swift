import Foundation
import NumericalMethods

/// Where a training stands: all that it needs to go on as if it had not been interrupted.
package struct TrainingState: Equatable, Codable {
  /// Steps taken so far.
  package var steps = 0
  /// The network.
  package var perceptron: Perceptron
  var memory: Optimizer.Memory
  var order: ExampleOrder
  var dropout: SplitMix64

  /// The beginning of a training of a network on so many images.
  init(_ perceptron: Perceptron, images: Int, seed: UInt64) {
    self.perceptron = perceptron
    memory = Optimizer.Memory(for: perceptron)
    order = ExampleOrder(count: images, seed: seed)
    dropout = SplitMix64(seed: seed, for: .dropout)
  }

  /// Whether every weight is a number.
  package var isSound: Bool { perceptron.layers.allSatisfy { $0.weights.isFinite && $0.biases.isFinite } }

  /// Whether it is a state of a training of networks of such sizes on so many images.
  func fits(_ sizes: [Int], images: Int) -> Bool {
    let shape = zip(sizes, sizes.dropFirst()).map { [$0, $1] }
    return steps >= 0 && order.count == images && order.isSound
      && [perceptron.layers, memory.means, memory.squares].allSatisfy { layers in
        layers.map { [$0.weights.columns, $0.weights.rows] } == shape
      }
  }
}

/// The states of some trainings in a file.
package enum StateFile {
  /// Reads states.
  ///
  /// - Throws: `DigitsError.unreadableState` where the file is none.
  package static func read(_ path: String) throws(DigitsError) -> [TrainingState] {
    do {
      return try PropertyListDecoder().decode([TrainingState].self, from: Data(contentsOf: URL(fileURLWithPath: path)))
    } catch {
      throw .unreadableState(path, error.localizedDescription)
    }
  }

  /// Writes states; whoever reads the file meanwhile sees all of the old one or of the new one.
  ///
  /// - Throws: `DigitsError.unwritableState`.
  package static func write(_ states: [TrainingState], to path: String) throws(DigitsError) {
    let encoder = PropertyListEncoder()
    encoder.outputFormat = .binary
    do {
      try encoder.encode(states).write(to: URL(fileURLWithPath: path), options: .atomic)
    } catch {
      throw .unwritableState(path, error.localizedDescription)
    }
  }
}
