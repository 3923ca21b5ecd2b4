import ArgumentParser
import TuningAPI
import TuningModel

/// `hone study list`.
struct StudyListCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "Lists the studies.",
    discussion: """
      EXAMPLES

        hone study list --db hone.db
        hone study list --json | jq -r '.studies[].name'
      """)

  @OptionGroup var connection: ConnectionOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    let studies = try await connection.place().use { client in
      try await allElements { page in try await client.studies(page) }
    }
    output.write(Page(studies, nextToken: nil).json, StudyDisplay.table(studies))
  }
}

/// Reads a list to its end, or to so many elements, page by page.
func allElements<Element>(
  atMost limit: Int? = nil, _ read: (PageRequest) async throws -> Page<Element>
) async throws -> [Element] {
  var elements: [Element] = []
  var request = PageRequest(size: min(1_000, limit ?? 1_000))
  repeat {
    let page = try await read(request)
    elements += page.elements
    request.token = page.nextToken
    if let limit {
      if elements.count >= limit { return Array(elements.prefix(limit)) }
      request.size = min(1_000, limit - elements.count)
    }
  } while request.token != nil
  return elements
}
