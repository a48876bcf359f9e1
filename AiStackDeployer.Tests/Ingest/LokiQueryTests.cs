using AiStackDeployer.LogIngest.Loki;
using AiStackDeployer.LogIngest.Query;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace AiStackDeployer.Tests.Ingest;

/// <summary>A question in Loki's language: nothing that a person types can be more than a word to look for.</summary>
public sealed class LokiQueryTests
{
    [Theory]
    [InlineData("stack=piet-lab", """{service_name="ai-stack", stack="piet-lab"}""")]
    [InlineData("stack=piet-lab&source=opencode&source=portal", """{service_name="ai-stack", stack="piet-lab", source=~"opencode|portal"}""")]
    [InlineData("stack=piet-lab&level=warn&level=error", """{service_name="ai-stack", stack="piet-lab"} | level=~"warn|error" """)]
    [InlineData("stack=piet-lab&type=session.error&q=Two%20words", """{service_name="ai-stack", stack="piet-lab"} |~ "(?i)Two" |~ "(?i)words" | event="session.error" """)]
    [InlineData("stack=piet-lab&q=%22}|{a=~%22.*%22}", """{service_name="ai-stack", stack="piet-lab"} |~ "(?i)\\\"\\}\\|\\{a\\=\\~\\\"\\.\\*\\\"\\}" """)]
    [InlineData("stack=piet-lab&q=%5C%5C%00%60é🙂", """{service_name="ai-stack", stack="piet-lab"} |~ "(?i)\\\\\\\\\\`é🙂" """)]
    public void A_question_is_this_LogQL(string query, string expected)
    {
        var (question, fault) = LogQuestion.Read(Collection(query));

        Assert.Null(fault);
        Assert.Equal(expected.TrimEnd(), LokiQuery.LogQl(question!));
    }

    [Theory]
    [InlineData("", "stack")]
    [InlineData("stack=a\"b", "stack")]
    [InlineData("stack=piet-lab%0A", "stack")]
    [InlineData("stack=piet-lab&level=loud", "level")]
    [InlineData("stack=piet-lab&source=loki", "source")]
    [InlineData("stack=piet-lab&type=a\"b", "type")]
    [InlineData("stack=piet-lab&limit=0", "limit")]
    [InlineData("stack=piet-lab&limit=501", "limit")]
    [InlineData("stack=piet-lab&before=x", "before")]
    [InlineData("stack=piet-lab&after=-1", "after")]
    [InlineData("stack=piet-lab&q=1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1", "q")]
    public void A_bad_question_is_explained(string query, string expected)
    {
        var (question, fault) = LogQuestion.Read(Collection(query));

        Assert.Null(question);
        Assert.Contains(expected, fault, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1795953600000000123-evt_1-2", 1795953600000000123, "evt_1-2")]
    [InlineData("1795953600000000123-", 1795953600000000123, null)]
    [InlineData("2026-11-29T12:00:00Z", 1795953600000000000, null)]
    [InlineData("2026-11-29T13:00:00+01:00", 1795953600000000000, null)]
    public void A_cursor_is_a_place_in_the_log_or_a_time(string text, long ns, string? id)
    {
        Assert.Equal(new LogCursor(ns, id), LogCursor.Parse(text));
    }

    private static QueryCollection Collection(string query) => new(QueryHelpers.ParseQuery(query));
}
