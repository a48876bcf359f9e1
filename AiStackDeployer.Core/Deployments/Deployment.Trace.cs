namespace AiStackDeployer.Core.Deployments;

public sealed partial class Deployment
{
    /// <summary>The span of the newest run that was traced: what the next run, in another process perhaps, links to. 16 hex digits.</summary>
    public string? RunSpan { get; private set; }

    /// <summary>This run is traced under this span. Written along with whatever the run writes anyway.</summary>
    public void TraceRun(int run, string span)
    {
        RequireRun(run);
        RunSpan = span;
    }
}
