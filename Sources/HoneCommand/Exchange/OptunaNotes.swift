import TuningModel

/// What labels of an imported study keep of Optuna, so that an export gives it back.
enum OptunaNotes {
  /// The parameters with a `None` among their choices, as a JSON array of our names.
  static let nullChoices = "optuna.null-choices"
  /// The names that are no names here, as a JSON object from ours to Optuna's.
  static let names = "optuna.names"
  /// All of these labels begin so.
  static let prefix = "optuna."

  /// A name that is one here: other characters become underscores.
  static func name(_ text: String) -> String {
    if Name.isValid(text) { return text }
    var clean = String(
      text.map { $0.isASCII && ($0.isLetter || $0.isNumber || "._-".contains($0)) ? $0 : "_" }.prefix(120))
    if clean.first.map({ $0.isLetter || $0.isNumber }) != true { clean = "p" + clean }
    return clean
  }
}
