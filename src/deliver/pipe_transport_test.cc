// deliver/pipe_transport_test.cc: what a program gets to see of a message, and what its end means.
#include "deliver/pipe_transport.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "deliver/test_mail.h"
#include "io/test_world.h"

namespace ph::deliver {
namespace {

using testing::Contains;
using testing::ElementsAre;

class PipeTransportTest : public testing::Test {
  protected:
    PipeTransportTest() {
        bodies_.pieces = {"Subject: hello\r", "\n\r\nbody\r\n"};
        directory::PipeCommand command;
        command.name = "archive";
        command.words = {"/usr/bin/archive", "--for", "{user}", "{recipient}"};
        command.uid = 4321;
        command.gid = 4322;
        command.directory = "/var/archive";
        command.timeout = Seconds{7};
        directory_->commands["archive"] = command;
        world_.on_run = [this](const io::Program& program, const std::string& input) -> Result<io::ProgramResult> {
            programs_.push_back(program);
            inputs_.push_back(input);
            return result_;
        };
    }
    Attempt attempt(const std::vector<std::string>& recipients, std::string command = "archive") {
        const spool::Work work = test::work_for(recipients);
        return world_.wait_for(transport_.attempt(work, {directory::RouteKind::pipe, "", 0, std::move(command)}));
    }

    io::TestWorld world_;
    std::shared_ptr<test::ToldDirectory> directory_ = std::make_shared<test::ToldDirectory>();
    test::ToldBodies bodies_;
    io::ProgramResult result_;
    std::vector<io::Program> programs_;
    std::vector<std::string> inputs_;
    PipeTransport transport_{world_, [this] { return directory_; }, bodies_, "+"};
};

TEST_F(PipeTransportTest, RunsTheProgramOnceForEachRecipient) {
    const Attempt result = attempt({"ann+news@b.example", "ben@b.example"});
    ASSERT_EQ(result.outcomes.size(), 2U);
    EXPECT_EQ(result.outcomes[0].ending, Ending::delivered);
    EXPECT_EQ(result.outcomes[1].ending, Ending::delivered);
    ASSERT_EQ(programs_.size(), 2U);
    EXPECT_THAT(programs_[0].argv, ElementsAre("/usr/bin/archive", "--for", "ann", "ann+news@b.example"));
    EXPECT_THAT(programs_[1].argv, ElementsAre("/usr/bin/archive", "--for", "ben", "ben@b.example"));
    EXPECT_EQ(programs_[0].user, 4321U);
    EXPECT_EQ(programs_[0].group, 4322U);
    EXPECT_EQ(programs_[0].directory, "/var/archive");
    EXPECT_EQ(programs_[0].timeout, Seconds{7});
}

TEST_F(PipeTransportTest, GivesTheMessageWithLineFeedsAndItsEnvironment) {
    attempt({"ann+news@b.example"});
    ASSERT_EQ(inputs_.size(), 1U);
    EXPECT_EQ(inputs_[0], "Return-Path: <sender@remote.example>\nDelivered-To: ann+news@b.example\nSubject: hello\n\nbody\n");
    for (const char* variable : {"SENDER=sender@remote.example", "RECIPIENT=ann+news@b.example", "USER=ann", "EXTENSION=news", "DOMAIN=b.example"}) {
        EXPECT_THAT(programs_[0].environment, Contains(variable));
    }
}

TEST_F(PipeTransportTest, MapsTheExitStatus) {
    result_ = {67, false, "no such person\n"};
    const Attempt result = attempt({"ann@b.example"});
    EXPECT_EQ(result.outcomes[0].ending, Ending::failed);
    EXPECT_EQ(result.outcomes[0].status, (status::EnhancedCode{5, 1, 1}));
    EXPECT_FALSE(result.facts.host_trouble);
}

TEST_F(PipeTransportTest, ATimeoutIsTheHostsTrouble) {
    result_ = {128 + 9, true, ""};
    const Attempt result = attempt({"ann@b.example"});
    EXPECT_EQ(result.outcomes[0].ending, Ending::deferred);
    EXPECT_TRUE(result.facts.host_trouble);
}

TEST_F(PipeTransportTest, LetsNoAddressBecomeAnOption) {
    const Attempt result = attempt({"-rf@b.example", "ann@b.example"});
    EXPECT_EQ(result.outcomes[0].ending, Ending::failed);
    EXPECT_EQ(result.outcomes[0].status, (status::EnhancedCode{5, 1, 3}));
    EXPECT_EQ(result.outcomes[1].ending, Ending::delivered);
    EXPECT_EQ(programs_.size(), 1U);
}

TEST_F(PipeTransportTest, WaitsWhileTheCommandIsNotConfigured) {
    const Attempt result = attempt({"ann@b.example"}, "gone");
    EXPECT_EQ(result.outcomes[0].ending, Ending::deferred);
    EXPECT_EQ(result.outcomes[0].status, (status::EnhancedCode{4, 3, 5}));
    EXPECT_EQ(result.outcomes[0].text, "no command gone is configured");
}

TEST_F(PipeTransportTest, WaitsWhenTheProgramCannotBeRun) {
    world_.on_run = nullptr;
    const Attempt result = attempt({"ann@b.example"});
    EXPECT_EQ(result.outcomes[0].ending, Ending::deferred);
    EXPECT_EQ(result.outcomes[0].situation, 129U);
}

TEST_F(PipeTransportTest, RunsNothingWithoutABody) {
    bodies_.fault = store::StoreFault{store::Trouble::failing, "disk"};
    const Attempt result = attempt({"ann@b.example"});
    EXPECT_EQ(result.outcomes[0].ending, Ending::deferred);
    EXPECT_TRUE(programs_.empty());
}

}  // namespace
}  // namespace ph::deliver
