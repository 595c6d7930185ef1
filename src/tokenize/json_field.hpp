#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "topograph/core/error.hpp"

namespace topograph::detail {

/// A value of a JSON document together with its path, so that errors can name the place.
class JsonField {
 public:
  JsonField(const nlohmann::json& value, std::string path, std::string_view file)
      : value_(&value), path_(std::move(path)), file_(file) {}

  [[nodiscard]] const nlohmann::json& value() const { return *value_; }
  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] bool is_null() const { return value_->is_null(); }

  [[nodiscard]] std::unexpected<Error> error(ErrorCode code, std::string message,
                                             std::string hint = {}) const {
    return model_error(code, fmt::format("{}: {}", file_, path_), std::move(message),
                       std::move(hint));
  }
  [[nodiscard]] std::unexpected<Error> wrong_type(std::string_view expected) const {
    return error(ErrorCode::parse,
                 fmt::format("expected {}, found {}", expected, value_->type_name()));
  }
  /// @param supported  Names, separated by commas.
  [[nodiscard]] std::unexpected<Error> unsupported(std::string_view what, std::string_view name,
                                                   std::string_view supported) const {
    return error(ErrorCode::unsupported, fmt::format("{} \"{}\" is not supported", what, name),
                 fmt::format("supported: {}", supported));
  }

  /// Member of an object; a null value when it is absent or this is no object.
  [[nodiscard]] JsonField operator[](const char* key) const {
    static const nlohmann::json absent = nullptr;
    const std::string path = path_.empty() ? key : path_ + "." + key;
    if (!value_->is_object()) return {absent, path, file_};
    const auto member = value_->find(key);
    return {member == value_->end() ? absent : *member, path, file_};
  }
  [[nodiscard]] JsonField at(std::size_t i) const {
    return {(*value_)[i], fmt::format("{}[{}]", path_, i), file_};
  }

  [[nodiscard]] Result<bool> boolean(bool fallback) const {
    if (is_null()) return fallback;
    if (!value_->is_boolean()) return wrong_type("true or false");
    return value_->get<bool>();
  }
  [[nodiscard]] Result<std::string> text() const {
    if (!value_->is_string()) return wrong_type("a string");
    return value_->get<std::string>();
  }
  [[nodiscard]] Result<std::string> text(std::string_view fallback) const {
    return is_null() ? Result<std::string>(fallback) : text();
  }
  [[nodiscard]] Result<std::int64_t> integer() const {
    if (!value_->is_number_integer()) return wrong_type("an integer");
    if (value_->is_number_unsigned() && value_->get<std::uint64_t>() > INT64_MAX) {
      return error(ErrorCode::parse, fmt::format("{} is out of range", value_->dump()));
    }
    return value_->get<std::int64_t>();
  }
  [[nodiscard]] Result<double> number() const {
    if (!value_->is_number()) return wrong_type("a number");
    return value_->get<double>();
  }
  [[nodiscard]] Result<std::size_t> n_elements() const {
    if (!value_->is_array()) return wrong_type("a list");
    return value_->size();
  }

 private:
  const nlohmann::json* value_;
  std::string path_;
  std::string_view file_;
};

}  // namespace topograph::detail
