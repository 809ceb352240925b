// directory/pipe_commands_test.cc: the table of commands, and that mail never becomes an option.
#include "directory/pipe_commands.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ph::directory {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::vector<std::string> faults_of(std::string_view text) {
    std::vector<Fault> faults;
    std::vector<std::string> texts;
    PipeCommands::parse(text, "commands", faults);
    for (const Fault& fault : faults) texts.push_back(to_text(fault));
    return texts;
}

TEST(PipeCommands, ReadsALine) {
    std::vector<Fault> faults;
    const auto commands = PipeCommands::parse("Tickets user=nobody timeout=10m directory=/tmp /bin/cat -u --to={recipient} \"two words\" {sender}\n",
                                              "commands", faults);
    EXPECT_THAT(faults, IsEmpty());
    const PipeCommand* command = commands.find("tickets");
    ASSERT_NE(command, nullptr);
    EXPECT_TRUE(command->uid && command->gid);
    EXPECT_EQ(command->timeout, Seconds(600));
    EXPECT_EQ(command->directory, "/tmp");
    const auto argv = command->argv({.sender = "a@example.org", .recipient = "b@example.org"});
    ASSERT_TRUE(argv);
    EXPECT_THAT(*argv, ElementsAre("/bin/cat", "-u", "--to=b@example.org", "two words", "a@example.org"));
    EXPECT_EQ(commands.find("other"), nullptr);
}

TEST(PipeCommands, NoValueBecomesAnOption) {
    std::vector<Fault> faults;
    const auto commands = PipeCommands::parse("a /bin/cat {sender}\nb /bin/cat -f {sender} -- x{sender}\n", "commands", faults);
    EXPECT_FALSE(commands.find("a")->argv({.sender = "-oQ/tmp@example.org"}));
    EXPECT_FALSE(commands.find("b")->argv({.sender = "-oQ/tmp@example.org"}));
    const auto argv = commands.find("a")->argv({.sender = "{recipient}; rm -rf / $(id)"});
    ASSERT_TRUE(argv);
    EXPECT_THAT(*argv, ElementsAre("/bin/cat", "{recipient}; rm -rf / $(id)")) << "values are not looked at again";
}

TEST(PipeCommands, TellsMistakesWithTheirLines) {
    EXPECT_THAT(faults_of("a user=root /bin/cat\n"
                          "b user=no-such-user-here /bin/cat\n"
                          "c cat\n"
                          "d\n"
                          "e /nonexistent/program\n"
                          "f /bin/cat {secret}\n"
                          "g shell=/bin/sh /bin/cat\n"
                          "h timeout=0 /bin/cat\n"
                          "i /bin/cat \"open\n"
                          "j /bin/cat\n"
                          "J /bin/cat\n"
                          "../k /bin/cat\n"),
                ElementsAre(HasSubstr("commands:1: mail is not piped to programs of root"),
                            HasSubstr("commands:2: there is no user 'no-such-user-here'"), HasSubstr("commands:3: 'cat' is neither an option"),
                            HasSubstr("commands:4: the program is missing"), HasSubstr("commands:5: /nonexistent/program is not there"),
                            HasSubstr("commands:6: '{secret}' is no place"), HasSubstr("commands:7: 'shell=' is not known"),
                            HasSubstr("commands:8: timeout= is from 1s to 24h"), HasSubstr("commands:9: a double quote is not closed"),
                            HasSubstr("commands:11: the name 'j' stands above"), HasSubstr("commands:12: a line begins with a name")));
}

}  // namespace
}  // namespace ph::directory
