#include "io/arrow_scalar_text.hpp"

#include <arrow/api.h>

#include <cstdint>

#include "io/json_string.hpp"
#include "io/utf8_text.hpp"

namespace topograph {
namespace {

void append_json(std::string& out, const arrow::Scalar& scalar);

void append_elements(std::string& out, const arrow::Array& elements) {
  out += '[';
  for (std::int64_t i = 0; i < elements.length(); ++i) {
    if (i > 0) out += ',';
    const auto element = elements.GetScalar(i);
    element.ok() ? append_json(out, **element) : void(out += "null");
  }
  out += ']';
}

void append_fields(std::string& out, const arrow::StructScalar& record) {
  out += '{';
  for (int i = 0; i < record.type->num_fields(); ++i) {
    if (i > 0) out += ',';
    append_json_string(out, record.type->field(i)->name());
    out += ':';
    append_json(out, *record.value[static_cast<std::size_t>(i)]);
  }
  out += '}';
}

void append_json(std::string& out, const arrow::Scalar& scalar) {
  const arrow::Type::type type = scalar.type->id();
  if (!scalar.is_valid) {
    out += "null";
  } else if (arrow::is_list_like(type)) {
    append_elements(out, *static_cast<const arrow::BaseListScalar&>(scalar).value);
  } else if (type == arrow::Type::STRUCT) {
    append_fields(out, static_cast<const arrow::StructScalar&>(scalar));
  } else if (arrow::is_integer(type) || type == arrow::Type::BOOL) {
    out += scalar.ToString();
  } else if (type == arrow::Type::FLOAT || type == arrow::Type::DOUBLE) {
    const std::string text = scalar.ToString();
    const bool is_finite = text.find_first_of("nN") == std::string::npos;  // nan, inf
    out += is_finite ? text : "null";
  } else {
    append_json_string(out, replace_invalid_utf8(scalar.ToString()));
  }
}

}  // namespace

std::string scalar_text(const arrow::Scalar& scalar) {
  const arrow::Type::type type = scalar.type->id();
  if (!arrow::is_list_like(type) && type != arrow::Type::STRUCT) return scalar.ToString();
  std::string text;
  append_json(text, scalar);
  return text;
}

}  // namespace topograph
