import ArgumentParser
import QuotaService

/// Which organizations a command is about, by options: those that are named, that have one of the tags, and whose plan is
/// one of those. Everybody without any.
struct OrganizationFilter: ParsableArguments {
  @Option(
    name: .customLong("organization"),
    help: ArgumentHelp("Only this organization; can be repeated.", valueName: "id"),
    completion: .custom(KnownNames.organizations))
  var named: [String] = []

  @Option(
    name: .customLong("tag"),
    help: ArgumentHelp("Only organizations with this tag; can be repeated.", valueName: "tag"),
    completion: .custom(KnownNames.tags))
  var tags: [String] = []

  @Option(
    name: .customLong("plan"),
    help: ArgumentHelp("Only organizations on this plan; can be repeated.", valueName: "name"),
    completion: .custom(KnownNames.plans))
  var plans: [String] = []

  /// The ids of those that are meant; none for everybody.
  func ids(_ more: [String] = [], in configuration: Configuration) throws -> [String] {
    try configuration.chosen(OrganizationChoice(ids: more + named, tags: tags, plans: plans))
  }
}

/// The same, where ids can also be given without an option's name.
struct OrganizationArguments: ParsableArguments {
  @Argument(
    help: ArgumentHelp("Only these organizations.", valueName: "organization"),
    completion: .custom(KnownNames.organizations))
  var ids: [String] = []

  @OptionGroup var filter: OrganizationFilter

  /// The ids of those that are meant; none for everybody.
  func ids(in configuration: Configuration) throws -> [String] {
    try filter.ids(ids, in: configuration)
  }
}
