import Foundation
import TuningModel

/// Who holds a database, for the message to others who want it.
struct DatabaseHolder: Hashable, Sendable {
  var process: Int
  var host: String
  var command: String
  var address: String?
  var since: String

  /// This process.
  init(command: String?, address: String? = nil) {
    process = Int(getpid())
    var name = [CChar](repeating: 0, count: 256)
    host =
      gethostname(&name, name.count - 1) == 0
      ? String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self) : "?"
    self.command = command ?? ProcessInfo.processInfo.processName
    self.address = address
    since = Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1_000)).text
  }

  /// Reads what `json` wrote; `nil` where it is not readable, as in the moment before it is written.
  init?(_ text: some Sequence<UInt8>) {
    guard let json = try? JSONValue(text: text), case .number(let process)? = json["pid"],
      case .string(let host)? = json["host"], case .string(let command)? = json["command"],
      case .string(let since)? = json["since"], let process = Int(exactly: process)
    else { return nil }
    self.process = process
    self.host = host
    self.command = command
    self.since = since
    if case .string(let address)? = json["address"] { self.address = address }
  }

  var json: JSONValue {
    .object(omittingNil: [
      "pid": .integer(process), "host": .string(host), "command": .string(command),
      "address": address.map(JSONValue.string), "since": .string(since),
    ])
  }

  /// The holder in the words of an error message.
  var text: String {
    let serving = address.map { ", serving \($0)" } ?? ""
    if process == Int(getpid()) { return "this very process (\(command)\(serving), since \(since))" }
    return "process \(process) on \(host) (\(command)\(serving), since \(since))"
  }
}
