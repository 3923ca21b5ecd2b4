/// A command line that the program does not understand.
package enum OptionError: Error, Equatable, CustomStringConvertible {
  case notAnOption(String)
  case unknown(String)
  case repeated(String)
  case missingValue(String)
  case invalid(String, String, allowed: String)
  case inapplicable(String, to: String)

  /// The mistake, for people.
  package var description: String {
    switch self {
    case .notAnOption(let argument): "\"\(argument)\" is no option; options start with --"
    case .unknown(let option): "there is no option --\(option); --help lists them"
    case .repeated(let option): "--\(option) is given twice"
    case .missingValue(let option): "--\(option) needs a value"
    case .invalid(let option, let text, let allowed): "--\(option) must be \(allowed), not \"\(text)\""
    case .inapplicable(let option, let choice): "--\(option) does not apply to \(choice)"
    }
  }
}
