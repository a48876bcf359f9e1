using AiStackDeployer.Tests.Settings;
using AiStackDeployer.Web.Composition;
using Serilog;
using Serilog.Core;
using Serilog.Events;

namespace AiStackDeployer.Tests.Diagnostics;

/// <summary>Which lines <c>LOG_LEVEL</c> lets through.</summary>
public sealed class PortalLoggingTests
{
    [Theory]
    [InlineData("AiStackDeployer.Core")]
    [InlineData("Microsoft.AspNetCore.Hosting")]
    [InlineData("Microsoft.Hosting.Lifetime")]
    [InlineData("ModelContextProtocol.Client")]
    [InlineData("Quartz.Core")]
    [InlineData("System.Net.Http.HttpClient")]
    [InlineData("Polly")]
    public void With_error_nobodys_warnings_are_told_and_everybodys_errors_are(string source)
    {
        using var logger = At("error");
        var of = logger.ForContext(Constants.SourceContextPropertyName, source);

        Assert.False(of.IsEnabled(LogEventLevel.Warning));
        Assert.True(of.IsEnabled(LogEventLevel.Error));
    }

    [Theory]
    [InlineData("AiStackDeployer.Core", LogEventLevel.Debug)]
    [InlineData("Microsoft.AspNetCore.Hosting", LogEventLevel.Warning)]
    [InlineData("Microsoft.Hosting.Lifetime", LogEventLevel.Information)]
    [InlineData("Microsoft.EntityFrameworkCore.Database", LogEventLevel.Fatal)]
    public void With_debug_the_frameworks_say_no_more_than_usual(string source, LogEventLevel least)
    {
        using var logger = At("debug");
        var of = logger.ForContext(Constants.SourceContextPropertyName, source);

        Assert.True(of.IsEnabled(least));
        Assert.False(of.IsEnabled(least - 1));
    }

    [Fact]
    public void Who_did_what_passes_at_any_level()
    {
        using var logger = At("error");

        Assert.True(logger.ForContext(Constants.SourceContextPropertyName, "AiStackDeployer.Audit").IsEnabled(LogEventLevel.Information));
    }

    private static Logger At(string level)
    {
        var logger = new LoggerConfiguration();
        PortalLogging.Configure(logger, new NamedEnvironment("Production"), SettingsBench.Production(("LOG_LEVEL", level)));
        return logger.CreateLogger();
    }
}
