import Testing
import TuningModel

@Suite("Parts of a member's training and decisions as JSON")
struct ResumeJSONTests {
  private func mistakes<Form>(_ json: JSONValue, _ read: (JSONReader) -> Form?) -> [String] {
    do {
      _ = try JSONReader.read(json, read)
      return []
    } catch {
      return error.mistakes.map(\.pointer)
    }
  }

  @Test(
    "A part is read back as it was written",
    arguments: [
      Resume(member: 0, generation: 0, stepFrom: 0, stepTo: 1),
      Resume(member: 3, generation: 2, fromTrial: 7, checkpoint: "s3://a/7", stepFrom: 20, stepTo: 30),
    ])
  func roundTrip(resume: Resume) throws {
    #expect(try JSONReader.read(resume.json) { Resume(reading: $0) } == resume)
  }

  @Test("What is no part is refused, with where")
  func refusals() {
    let sound: [String: JSONValue] = ["member": 0, "generation": 1, "step_from": 2, "step_to": 3]
    func read(_ changes: [String: JSONValue]) -> [String] {
      mistakes(.object(sound.merging(changes) { $1 })) { Resume(reading: $0) }
    }
    #expect(read([:]) == [])
    #expect(read(["step_to": 2]) == ["/step_to"])
    #expect(read(["from_trial": 1]) == ["/checkpoint"])
    #expect(read(["checkpoint": "a"]) == ["/checkpoint"])
    #expect(read(["member": -1]) == ["/member"])
    #expect(read(["surprise": 1]) == ["/surprise"])
    #expect(mistakes(["member": 0]) { Resume(reading: $0) }.count == 3)
  }

  @Test(
    "A decision is read back as it was written",
    arguments: [
      Decision.continue, .stop,
      .exploit(
        Exploit(
          fromTrial: 4, checkpoint: "c",
          parameters: ["x": .float(0.5), "n": .int(3), "v": .vector([1.5, 2]), "b": .bool(true)])),
    ])
  func decisions(decision: Decision) throws {
    #expect(try JSONReader.read(decision.json) { Decision(reading: $0) } == decision)
  }

  @Test("What is no decision is refused, with where")
  func wrongDecisions() {
    func read(_ json: JSONValue) -> [String] { mistakes(json) { Decision(reading: $0) } }
    #expect(read(["action": "jump"]) == ["/action"])
    #expect(read(["action": "stop", "checkpoint": "c"]) == ["/checkpoint"])
    #expect(Set(read(["action": "exploit"])) == ["/from_trial", "/checkpoint", "/parameters"])
    #expect(
      read(["action": "exploit", "from_trial": 1, "checkpoint": "c", "parameters": ["x": .null]])
        == ["/parameters/x"])
  }

  @Test("A space gives a decision's values their form, and knows those that are not of it")
  func canonical() throws {
    let space = try SearchSpace([Parameter("x", .float(FloatDomain(0, 3)))])
    func exploit(_ value: ParameterValue) -> Decision {
      .exploit(Exploit(fromTrial: 1, checkpoint: "c", parameters: ["x": value]))
    }
    #expect(space.canonical(exploit(.int(2))) == exploit(.float(2)))
    #expect(space.canonical(exploit(.int(4))) == nil)
    #expect(space.canonical(Decision.stop) == .stop)
  }
}
