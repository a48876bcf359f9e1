namespace AiStackDeployer.StackGate.SignIn;

/// <param name="Session">Null for who sent the password.</param>
internal sealed record Visitor(string Person, Session? Session);

/// <summary>Who makes a request: a cookie, or the password.</summary>
internal sealed class Visitors(GateOptions options, PasswordCheck password, Sessions sessions)
{
    public async Task<(Visitor? Visitor, PasswordResult Password)> FindAsync(HttpRequest request)
    {
        if (await sessions.ReadAsync(request) is { } session)
        {
            return (new Visitor(session.Person, session), PasswordResult.Absent);
        }
        var result = password.Check(request);
        return (result == PasswordResult.Right ? new Visitor(options.User, null) : null, result);
    }
}
