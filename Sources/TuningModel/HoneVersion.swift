/// The version of Hone: of the library, of the command and of everything in it.
public enum HoneVersion {
  /// As semantic versioning has it.
  public static let current = "0.1.0"
}
