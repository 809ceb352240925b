// policy/check.h: what a check is: one file in policy/checks/ that declares itself, and one line in policy/registry.cc that gives its place.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "config/param.h"
#include "policy/access_table.h"
#include "policy/params.h"
#include "policy/policy.h"
#include "policy/quota_check.h"
#include "smtp/reply.h"
#include "status/cause.h"

namespace ph::policy {

// What all questions have in common: the configuration of one snapshot and who else answers.
struct Site {
    PolicyParams params;
    std::shared_ptr<directory::Directory> directory;
    io::World* world = nullptr;
    QuotaCheck* quota = nullptr;  // nullptr: mailboxes have room
    std::optional<AccessTable> client_access;
    std::optional<AccessTable> helo_access;
    std::optional<AccessTable> sender_access;
    std::optional<AccessTable> recipient_access;
};

// One stage's question on its way through the checks. All of it outlives the check's answer.
struct Question {
    const Facts& facts;
    const Site& site;
    std::vector<directory::Target>& targets;  // at rcpt: what the check `recipient` found, for those after it
};

using Answer = std::optional<smtp::Reply>;  // the refusal, or nothing

struct CheckInfo {
    std::string_view name;
    Stage stage;
    std::span<const status::OwnReply* const> replies;          // all that it may say
    std::string PolicyParams::*mode = nullptr;                 // "enforce", "warn", "off"; nullptr: cannot be switched off
    Answer (*decide)(const Question& question) = nullptr;      // either this, for what is known at once,
    io::Task<Answer> (*inquire)(Question question) = nullptr;  // or this, for what others have to be asked about
    config::Doc doc;
};

}  // namespace ph::policy
