import TuningModel

/// Lists the studies that a token covers, which stand together since names are in the order of their bytes.
package enum StudyPrefix {
  /// The characters that names have, in the order of their bytes.
  private static let characters = Array("-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz")

  /// The page of studies whose names begin with `prefix`.
  static func page(
    _ page: PageRequest, of studies: any StudyClient, beginningWith prefix: String
  ) async throws(StudyError) -> Page<ListedStudy> {
    var request = page
    request.token = page.token ?? nameBefore(prefix)
    var found = try await studies.studies(request)
    let covered = found.elements.prefix { $0.name.utf8.starts(with: prefix.utf8) }
    if covered.count < found.elements.count {
      found.elements = Array(covered)
      found.nextToken = nil
    }
    return found
  }

  /// The last name before all those that begin with `prefix`; `nil` where there can be none.
  package static func nameBefore(_ prefix: String) -> String? {
    guard let last = prefix.last, let index = characters.firstIndex(of: last) else { return nil }
    let stem = String(prefix.dropLast())
    let before = characters[..<index].last { Name.isValid(stem + String($0)) }
    guard let before else { return Name.isValid(stem) ? stem : nil }
    let name = stem + String(before)
    return name + String(repeating: "z", count: 128 - name.utf8.count)
  }
}
