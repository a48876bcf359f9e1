using AiStackDeployer.Web.Composition;

namespace AiStackDeployer.Tests.Processes;

/// <summary>What the program's arguments make of it.</summary>
public sealed class CommandsTests
{
    [Theory]
    [InlineData("")]
    [InlineData("--environment Development")]
    [InlineData("--environment=Production --applicationName=x")]
    [InlineData("--urls http://127.0.0.1:0 --LOG_LEVEL=debug")]
    public void Without_a_command_it_is_the_portal(string arguments) => Assert.Null(Commands.Find(Split(arguments)));

    [Theory]
    [InlineData("--help", 0)]
    [InlineData("-h", 0)]
    [InlineData("--environment Development help", 0)]
    [InlineData("backup --help", 0)]
    [InlineData("--chek", 2)]
    [InlineData("check", 2)]
    [InlineData("serve --check", 2)]
    public async Task Help_is_shown_and_what_is_no_command_is_refused_and_does_not_start_a_portal(string arguments, int code) =>
        Assert.Equal(code, await Commands.Find(Split(arguments))!());

    private static string[] Split(string arguments) => arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
