import Foundation
import HoneCommand
import Testing

struct GraphicsDevicesTests {
  @Test("Slots get devices in turn, for CUDA and for HIP")
  func turns() throws {
    let devices = try GraphicsDevices("0,2,GPU-a1", environment: [:])
    #expect((0..<4).map { devices.environment(ofSlot: $0)["CUDA_VISIBLE_DEVICES"] } == ["0", "2", "GPU-a1", "0"])
    #expect(devices.environment(ofSlot: 1)["HIP_VISIBLE_DEVICES"] == "2")
  }

  @Test("Several devices for one slot are joined by a plus sign")
  func several() throws {
    #expect(try GraphicsDevices("0+1,2+3", environment: [:]).devices == ["0,1", "2,3"])
  }

  @Test("What is no list is refused", arguments: ["", ",", "0,,1", "0 1", "0+", "a;b"])
  func refused(text: String) {
    #expect(throws: CommandFailure.self) { try GraphicsDevices(text, environment: [:]) }
  }

  @Test("Found are those that the environment leaves, else those that the drivers list")
  func found() throws {
    let root = FileManager.default.temporaryDirectory.appendingPathComponent("hone-gpus-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: root) }
    func make(_ path: String, _ text: String? = nil) throws {
      let file = root.appendingPathComponent(path)
      let folder = text == nil ? file : file.deletingLastPathComponent()
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      if let text { try Data(text.utf8).write(to: file) }
    }
    try make("empty")
    #expect(throws: CommandFailure.self) {
      try GraphicsDevices("auto", environment: [:], root: root.appendingPathComponent("empty").path)
    }
    try make("sys/class/kfd/kfd/topology/nodes/0/properties", "cpu_cores_count 8\nsimd_count 0\n")
    try make("sys/class/kfd/kfd/topology/nodes/1/properties", "simd_count 256\n")
    #expect(try GraphicsDevices("auto", environment: [:], root: root.path).devices == ["0"])
    try make("proc/driver/nvidia/gpus/0000:01:00.0")
    try make("proc/driver/nvidia/gpus/0000:02:00.0")
    #expect(try GraphicsDevices("auto", environment: [:], root: root.path).devices == ["0", "1"])
    let left = try GraphicsDevices("auto", environment: ["CUDA_VISIBLE_DEVICES": "3,5"], root: root.path)
    #expect(left.devices == ["3", "5"])
  }
}
