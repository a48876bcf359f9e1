using System.Text.Json;
using System.Threading.RateLimiting;
using AiStackDeployer.LogIngest.Intake;

namespace AiStackDeployer.LogIngest.Query;

/// <summary><c>GET /query</c>, for the portal alone: it knows who may read which stack's log.</summary>
internal sealed partial class QueryEndpoint(IngestEndpoint intake, ILogBackend backend, IngestLimits limits, ILogger<QueryEndpoint> logger) : IDisposable
{
    private readonly ConcurrencyLimiter _atOnce = new(new ConcurrencyLimiterOptions { PermitLimit = limits.MostQuestions, QueueLimit = limits.MostQuestions * 4 });

    public async Task HandleAsync(HttpContext context)
    {
        var (page, refusal) = await AnswerAsync(context);
        if (refusal is not null)
        {
            await refusal.WriteAsync(context);
            return;
        }
        context.Response.ContentType = "application/json";
        await JsonSerializer.SerializeAsync(context.Response.Body, page!, QueryJson.Default.LogPage, CancellationToken.None);
    }

    public void Dispose() => _atOnce.Dispose();

    private async Task<(LogPage? Page, Refusal? Refusal)> AnswerAsync(HttpContext context)
    {
        if (!intake.IsPortal(context))
        {
            return (null, new Refusal(StatusCodes.Status401Unauthorized, "Only the portal may read, with LOG_INGEST_KEY."));
        }
        var (question, fault) = LogQuestion.Read(context.Request.Query);
        if (question is null)
        {
            return (null, new Refusal(StatusCodes.Status400BadRequest, fault!));
        }
        using var lease = await _atOnce.AcquireAsync(1, context.RequestAborted);
        if (!lease.IsAcquired)
        {
            return (null, new Refusal(StatusCodes.Status429TooManyRequests, "Too many questions at the same time.", TimeSpan.FromSeconds(1)));
        }
        try
        {
            return (await backend.QueryAsync(question, context.RequestAborted), null);
        }
        catch (BackendException e)
        {
            LogNoAnswer(e.Message);
            return (null, new Refusal(StatusCodes.Status502BadGateway, e.Message));
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "A log could not be read: {Reason}")]
    private partial void LogNoAnswer(string reason);
}
