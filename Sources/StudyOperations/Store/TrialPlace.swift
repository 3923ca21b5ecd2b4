public import TuningModel

/// A place in an ordered list of trials.
public struct TrialPlace: Hashable, Sendable {
  /// The number of the trial there.
  public var number: TrialNumber
  /// What it is ordered by besides its number: its cost, or the milliseconds of its end; `nil` where it lacks that.
  public var key: Double?

  /// Creates a place.
  public init(number: TrialNumber, key: Double? = nil) {
    self.number = number
    self.key = key
  }

  /// The place of a trial.
  init(_ trial: Trial, in order: TrialOrder, of study: StudyDefinition) {
    number = trial.number
    switch order.key {
    case .number: key = nil
    case .value: key = TrialStanding(trial, in: study).cost
    case .finished: key = trial.finishedAt.map { Double($0.milliseconds) }
    }
  }
}

extension TrialPlace {
  /// The place and its order as a word that says nothing to others.
  func token(in order: TrialOrder) -> String {
    let key = key.map { String($0.bitPattern, radix: 36) } ?? ""
    let text = "\(order.text) \(String(number, radix: 36)) \(key)"
    return text.utf8.map { String(format: $0) }.joined()
  }

  /// Reads what `token` wrote.
  ///
  /// - Returns: `nil` where it is no token of this order.
  init?(token: String, in order: TrialOrder) {
    guard let text = String(hexadecimal: token) else { return nil }
    let parts = text.split(separator: " ", omittingEmptySubsequences: false)
    guard parts.count == 3, parts[0] == order.text, let number = Int(parts[1], radix: 36), number >= 0 else {
      return nil
    }
    self.number = number
    if parts[2].isEmpty { return }
    guard let bits = UInt64(parts[2], radix: 36), !Double(bitPattern: bits).isNaN else { return nil }
    key = Double(bitPattern: bits)
  }
}

extension String {
  /// A byte as two hexadecimal digits.
  fileprivate init(format byte: UInt8) {
    let digits = String(byte, radix: 16)
    self = digits.utf8.count < 2 ? "0" + digits : digits
  }

  /// The text whose bytes these digits are.
  fileprivate init?(hexadecimal digits: String) {
    let digits = Array(digits.utf8)
    guard digits.count.isMultiple(of: 2), digits.count <= 256 else { return nil }
    var bytes: [UInt8] = []
    for index in stride(from: 0, to: digits.count, by: 2) {
      let pair = digits[index...(index + 1)]
      guard pair.allSatisfy({ $0 != UInt8(ascii: "+") && $0 != UInt8(ascii: "-") }),
        let byte = UInt8(String(decoding: pair, as: UTF8.self), radix: 16)
      else { return nil }
      bytes.append(byte)
    }
    self.init(validating: bytes, as: UTF8.self)
  }
}

/// The cost of an eligible trial, and when it ended.
public struct TrialCost: Hashable, Sendable {
  /// The trial.
  public var trial: TrialNumber
  /// Its objective, to be minimised.
  public var cost: Double
  /// When it ended.
  public var finishedAt: Timestamp

  /// Creates one.
  public init(trial: TrialNumber, cost: Double, finishedAt: Timestamp) {
    self.trial = trial
    self.cost = cost
    self.finishedAt = finishedAt
  }
}

/// What a store calls a study by, and how often it was changed.
public struct StudyIdentity: Hashable, Sendable {
  /// The store's own number for it.
  public var id: StudyID
  /// Counts every change.
  public var revision: Int

  /// Creates an identity.
  public init(id: StudyID, revision: Int) {
    self.id = id
    self.revision = revision
  }
}
