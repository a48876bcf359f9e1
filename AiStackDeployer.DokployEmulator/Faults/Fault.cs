namespace AiStackDeployer.DokployEmulator.Faults;

/// <summary>Something that goes wrong with a call.</summary>
public sealed record Fault
{
    /// <summary>The procedure, e.g. "project.create"; "*" = every API call; "stack" = every request to a stack.</summary>
    public required string Call { get; init; }

    /// <summary>How many calls it strikes; null = all, until it is cleared.</summary>
    public int? Times { get; init; }

    /// <summary>How many matching calls it lets pass first.</summary>
    public int After { get; init; }

    public required FaultKind Kind { get; init; }
}

/// <summary>The ways in which a call can go wrong.</summary>
public abstract record FaultKind
{
    private FaultKind()
    {
    }

    /// <summary>Whether the work is done before the fault shows.</summary>
    public virtual bool WorkIsDone => false;

    /// <summary>This status and body, nothing done.</summary>
    public sealed record Status(int Code, string Body = "", string ContentType = "application/json") : FaultKind;

    /// <summary>The call is handled, but later.</summary>
    public sealed record Delay(TimeSpan Span) : FaultKind;

    /// <summary>The connection is aborted, nothing done.</summary>
    public sealed record Reset : FaultKind;

    /// <summary>200 with broken JSON, nothing done.</summary>
    public sealed record Garbage : FaultKind;

    /// <summary>No answer until the client gives up, nothing done.</summary>
    public sealed record Hang : FaultKind;

    /// <summary>The work is done, then the connection is aborted.</summary>
    public sealed record AnswerLost : FaultKind
    {
        public override bool WorkIsDone => true;
    }

    /// <summary>The work is done, then no answer until the client gives up.</summary>
    public sealed record AnswerHangs : FaultKind
    {
        public override bool WorkIsDone => true;
    }

    /// <summary>The work is done, then the answer comes byte by byte, with this span before each one and before the end.</summary>
    public sealed record Drip(TimeSpan Between) : FaultKind
    {
        public override bool WorkIsDone => true;
    }

    /// <summary>The work is done after this span, also when the client has given up meanwhile: Node does not notice that.</summary>
    public sealed record Late(TimeSpan Span) : FaultKind;

    /// <summary>Dokploy restarts the moment the call arrives and is away for this span: see <see cref="World.EmulatorWorld.Restart"/>.</summary>
    public sealed record Restart(TimeSpan Downtime) : FaultKind;

    /// <summary>401, as if the key were refused at the gate.</summary>
    /// <param name="WithCode">Fails the second check instead of the first: the body then has a code.</param>
    public sealed record Unauthorized(bool WithCode = false) : FaultKind;

    /// <summary>PostgreSQL is down: 401 for any key, 500 from the public health procedure, 200 from /api/health.</summary>
    public sealed record DatabaseDown : FaultKind;
}
