#include "option_flags.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "topograph/core/expects.hpp"

namespace topograph::cli {
namespace {

const OptionField& field_of(const std::vector<OptionField>& fields, const std::string& path) {
  const auto found = std::find_if(fields.begin(), fields.end(),
                                  [&](const OptionField& f) { return f.path == path; });
  TG_EXPECTS(found != fields.end());
  return *found;
}

std::string help_of(const OptionField& field) {
  std::string help = field.help + " [" + (field.value.empty() ? "\"\"" : field.value) + "]";
  if (!field.range.empty()) help += " (" + field.range + ")";
  return help;
}

}  // namespace

OptionFlags::OptionFlags(CLI::App& command, const std::vector<OptionField>& fields,
                         std::span<const Shortcut> shortcuts) {
  for (const Shortcut& shortcut : shortcuts) {
    const OptionField& field = field_of(fields, shortcut.path);
    shortcuts_.push_back({shortcut.flag, shortcut.path, {}, nullptr});
    Given& given = shortcuts_.back();
    given.option = command.add_option(given.flag, given.text, help_of(field))
                       ->type_name(field.type)
                       ->group("Analysis");
  }
  command.add_option("--set", sets_, "Set any option of the list below, e.g. umap.n_components=10")
      ->type_name("GROUP.OPTION=VALUE")
      ->group("Analysis")
      ->take_all()
      ->allow_extra_args(false);
  command.add_option("--config", config_, "TOML file with options, [group] option = value")
      ->type_name("FILE")
      ->group("Analysis");
  command.footer("Every option of every stage (for --set and --config), with its default:\n" +
                 option_list_text(fields));
}

Result<std::vector<OptionSetting>> OptionFlags::settings() const {
  std::vector<OptionSetting> all;
  if (!config_.empty()) {
    TG_TRY(all, read_toml_settings(config_));
  }
  for (const std::string& set : sets_) {
    const auto equals = set.find('=');
    if (equals == std::string::npos) {
      return option_error("--set", fmt::format("expected group.option=value, found '{}'", set));
    }
    all.push_back({set.substr(0, equals), set.substr(equals + 1), "--set"});
  }
  for (const Given& given : shortcuts_) {
    if (given.option->count() > 0) all.push_back({given.path, given.text, given.flag});
  }
  return all;
}

std::string option_list_text(const std::vector<OptionField>& fields) {
  std::string text;
  for (const OptionField& field : fields) {
    text += fmt::format("  {} = {}  ({}{}{})\n      {}\n", field.path,
                        field.value.empty() ? "\"\"" : field.value, field.type,
                        field.range.empty() ? "" : ", ", field.range, field.help);
  }
  return text;
}

}  // namespace topograph::cli
