import ArgumentParser
import Foundation

/// Where a text goes: a file, or standard output.
struct OutputFile: ParsableArguments {
  @Option(
    name: [.customLong("output"), .customShort("o")],
    help: ArgumentHelp("The file to write, instead of standard output.", valueName: "file"), completion: .file())
  var path: String?

  func write(_ text: String) throws(CommandFailure) {
    guard let path else { return Terminal.output.write(text) }
    try Self.write(text, to: path)
  }

  /// Puts a text in the place of what the file has held; a reader sees one or the other.
  ///
  /// Pipes and devices are written to, and links stay.
  static func write(_ text: String, to path: String) throws(CommandFailure) {
    let url = URL(fileURLWithPath: path)
    var status = stat()
    let isSpecial = stat(path, &status) == 0 && status.st_mode & S_IFMT != S_IFREG
    do {
      if isSpecial {
        try Data(text.utf8).write(to: url)
      } else {
        try Data(text.utf8).write(to: url.resolvingSymlinksInPath(), options: .atomic)
      }
    } catch {
      throw CommandFailure(.failed, "\(path) cannot be written: \(error.localizedDescription)")
    }
  }
}
