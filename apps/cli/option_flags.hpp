#pragma once

#include <CLI/CLI.hpp>
#include <deque>
#include <span>
#include <string>
#include <vector>

#include "topograph/core/options.hpp"

namespace topograph::cli {

/// A flag that is short for `--set PATH=VALUE`.
struct Shortcut {
  const char* flag;
  const char* path;
};

/// Collects settings of an options struct from --config, --set and shortcuts. Help texts and
/// defaults come from the struct, so that they cannot disagree with what the program does.
class OptionFlags {
 public:
  OptionFlags(CLI::App& command, const std::vector<OptionField>& fields,
              std::span<const Shortcut> shortcuts);

  /// Settings in order of precedence: file, --set, shortcuts; later ones win.
  [[nodiscard]] Result<std::vector<OptionSetting>> settings() const;

 private:
  std::string config_ = {};
  std::vector<std::string> sets_ = {};
  struct Given {
    std::string flag;
    std::string path;
    std::string text;
    CLI::Option* option;
  };
  std::deque<Given> shortcuts_ = {};  // CLI11 keeps references to `text`
};

/// The options as an indented list for the end of --help.
[[nodiscard]] std::string option_list_text(const std::vector<OptionField>& fields);

}  // namespace topograph::cli
