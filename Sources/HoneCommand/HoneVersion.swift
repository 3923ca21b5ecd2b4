/// The version of this command and of everything in it.
package enum HoneVersion {
  /// As semantic versioning has it.
  package static let current = "0.1.0"
}
