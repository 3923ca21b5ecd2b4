import Testing
import TuningServer

@Suite("Listing studies by prefix")
struct StudyPrefixTests {
  @Test("The name before a prefix is below all names with it, and above all others that are below")
  func nameBefore() {
    let names = [
      "-", "0", "A", "V", "Vz", "a", "u", "uz", "v", "v-", "v.", "v0", "v9", "vA", "vZ", "v_", "va", "vz", "w",
    ]
    for prefix in names where prefix != "-" {
      let before = StudyPrefix.nameBefore(prefix) ?? ""
      for name in names {
        let isAfter = name.utf8.lexicographicallyPrecedes(before.utf8) == false && name != before
        let isBelow = !name.hasPrefix(prefix) && name.utf8.lexicographicallyPrecedes(prefix.utf8)
        #expect(isAfter == !isBelow || name == "-", "\(name) and \(prefix)")
      }
    }
  }
}
