namespace AiStackDeployer.Tests.Kills;

/// <summary>A kill broke something. The message begins with the seed that repeats it.</summary>
internal sealed class KillViolationException(string message, Exception inner) : Exception(message, inner);
