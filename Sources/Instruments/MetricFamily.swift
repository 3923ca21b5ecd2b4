/// A name with what is measured under it.
public struct MetricFamily: Sendable {
  /// How its numbers are to be understood.
  public enum Kind: String, Sendable {
    case counter, gauge, histogram
  }

  /// The name: letters, digits and underscores, with the unit at its end; that of a counter ends in `_total`.
  public let name: String
  /// What it tells, in a sentence.
  public let help: String
  /// How its numbers are to be understood.
  public let kind: Kind
  let read: @Sendable () async -> [Series]

  /// The numbers under one combination of labels.
  struct Series: Sendable {
    enum Value: Sendable {
      case number(Double)
      case histogram(bounds: [Double], counts: [Double], sum: Double)
    }

    var labels: [(name: String, value: String)]
    var value: Value
  }

  private init(
    _ name: String, _ help: String, _ kind: Kind, _ read: @escaping @Sendable () async -> [Series]
  ) {
    self.name = name
    self.help = help
    self.kind = kind
    self.read = read
  }

  /// A counter.
  public static func counter(_ name: String, _ help: String, _ counter: Counter) -> MetricFamily {
    MetricFamily(name, help, .counter) { [Series(labels: [], value: .number(counter.value))] }
  }

  /// Counters by labels.
  public static func counters(
    _ name: String, _ help: String, by labels: [String], _ counters: Labelled<Counter>
  ) -> MetricFamily {
    MetricFamily(name, help, .counter) {
      counters.all.map { Series(labels: pairs(labels, $0.labels), value: .number($0.instrument.value)) }
    }
  }

  /// Numbers that are read when they are asked for; none where there is nothing to tell.
  public static func gauge(
    _ name: String, _ help: String, by labels: [String] = [],
    _ read: @escaping @Sendable () async -> [(labels: [String], value: Double)]
  ) -> MetricFamily {
    MetricFamily(name, help, .gauge) {
      await read().map { Series(labels: pairs(labels, $0.labels), value: .number($0.value)) }
    }
  }

  /// One number that is read when it is asked for.
  public static func gauge(
    _ name: String, _ help: String, _ read: @escaping @Sendable () async -> Double
  ) -> MetricFamily {
    gauge(name, help) { [(labels: [], value: await read())] }
  }

  /// Durations.
  public static func histogram(_ name: String, _ help: String, _ histogram: Histogram) -> MetricFamily {
    MetricFamily(name, help, .histogram) { [Series(labels: [], value: .init(histogram))] }
  }

  /// Durations by labels.
  public static func histograms(
    _ name: String, _ help: String, by labels: [String], _ histograms: Labelled<Histogram>
  ) -> MetricFamily {
    MetricFamily(name, help, .histogram) {
      histograms.all.map { Series(labels: pairs(labels, $0.labels), value: .init($0.instrument)) }
    }
  }

  private static func pairs(_ names: [String], _ values: [String]) -> [(name: String, value: String)] {
    zip(names, values).map { (name: $0, value: $1) }
  }
}

extension MetricFamily.Series.Value {
  fileprivate init(_ histogram: Histogram) {
    let state = histogram.state
    self = .histogram(bounds: histogram.bounds, counts: state.counts, sum: state.sum)
  }
}
