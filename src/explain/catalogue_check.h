// explain/catalogue_check.h: whether a catalogue keeps its promises: every example, reply and rule leads to its own cause.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "explain/explainer.h"
#include "status/catalogue.h"

namespace ph::explain {

// One thing that a catalogue says and the matcher does not do.
struct Complaint {
    std::string cause;  // id
    std::string message;
};

// Checks the causes of `checked` (all of `catalogue` where it is empty) within `catalogue`.
std::vector<Complaint> check_catalogue(const status::Catalogue& catalogue, status::CataloguePart checked);

// The line of one of our own replies with a value in each {place}.
std::string sample_reply(std::string_view line);

}  // namespace ph::explain
