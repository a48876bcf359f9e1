namespace AiStackDeployer.Core.Deployments;

/// <summary>The database could not be written or read now: locked, full, or not there. Nothing half-written is left.</summary>
public sealed class StorageUnavailableException(string message, Exception inner) : Exception(message, inner);
