import Foundation

/// The graphics processors that the slots of a run have to themselves.
package struct GraphicsDevices: Hashable, Sendable {
  /// For each slot in turn what it may see: a number or an identifier, or several with commas.
  package var devices: [String]

  /// Takes a list such as `0,1,2,3`; `0+1,2+3` gives two to each slot, and `auto` those that are there.
  ///
  /// - Throws: `CommandFailure` where the list is none, or nothing is found.
  package init(
    _ text: String, environment: [String: String] = ProcessInfo.processInfo.environment, root: String = "/"
  ) throws(CommandFailure) {
    if text == "auto" {
      devices = Self.found(environment, root)
      if devices.isEmpty {
        throw CommandFailure(.usage, "--gpus auto found no graphics processors; name them, as in --gpus 0,1.")
      }
      return
    }
    devices = text.split(separator: ",", omittingEmptySubsequences: false).map {
      $0.split(separator: "+", omittingEmptySubsequences: false).joined(separator: ",")
    }
    let isSound = devices.allSatisfy { device in
      device.split(separator: ",", omittingEmptySubsequences: false).allSatisfy { part in
        !part.isEmpty && part.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-/:._".contains($0)) }
      }
    }
    if !isSound {
      throw CommandFailure(.usage, "\"\(text)\" is no list of graphics processors, such as 0,1,2,3 or auto.")
    }
  }

  /// What the environment of a slot's programs has.
  ///
  /// CUDA reads the first; HIP reads either, as one filter. `ROCR_VISIBLE_DEVICES` stays as it is: it is a filter before
  /// these, which would then count what it leaves.
  package func environment(ofSlot slot: Int) -> [String: String] {
    let device = devices[slot % devices.count]
    return ["CUDA_VISIBLE_DEVICES": device, "HIP_VISIBLE_DEVICES": device]
  }

  /// Those that this process may use: what a scheduler has left it, else what the drivers of NVIDIA or AMD list.
  private static func found(_ environment: [String: String], _ root: String) -> [String] {
    for name in ["CUDA_VISIBLE_DEVICES", "HIP_VISIBLE_DEVICES"] {
      if let list = environment[name], !list.isEmpty { return list.split(separator: ",").map(String.init) }
    }
    let base = URL(fileURLWithPath: root)
    func entries(_ path: String) -> [String] {
      (try? FileManager.default.contentsOfDirectory(atPath: base.appendingPathComponent(path).path)) ?? []
    }
    let nvidia = entries("proc/driver/nvidia/gpus").count
    if nvidia > 0 { return (0..<nvidia).map(String.init) }
    let nodes = "sys/class/kfd/kfd/topology/nodes"
    let amd = entries(nodes).count { node in
      let file = base.appendingPathComponent("\(nodes)/\(node)/properties").path
      let properties = (try? String(contentsOfFile: file, encoding: .utf8)) ?? ""
      return properties.split(whereSeparator: \.isNewline).contains {
        $0.hasPrefix("simd_count ") && !$0.hasSuffix(" 0")
      }
    }
    return (0..<amd).map(String.init)
  }
}
