using AiStackDeployer.Core.Naming;
using AiStackDeployer.Tests.TestKit;
using Microsoft.Extensions.Time.Testing;

namespace AiStackDeployer.Tests.Naming;

/// <summary>One portal's worth of naming over fakes.</summary>
internal sealed class NamingWorld : IAsyncDisposable
{
    public static readonly NameHolder Me = new("form-1", "me");
    public static readonly NameHolder Other = new("form-9", "other");

    public NamingWorld(NamingOptions? options = null)
    {
        Options = options ?? new NamingOptions();
        Service = new NameAvailabilityService(new NameRules(ReservedNames.Default), Register, Upstream, new NameCheckMeter(Meters), Time, Options);
    }

    public NamingOptions Options { get; }

    public TestMeters Meters { get; } = new();

    public FakeTimeProvider Time { get; } = new();

    public FakeRegister Register { get; } = new();

    public FakeUpstream Upstream { get; } = new();

    public NameAvailabilityService Service { get; }

    public DateTimeOffset Now => Time.GetUtcNow();

    public Task<NameAvailability> CheckAsync(string? typed, NameHolder? asker = null) =>
        Service.CheckAsync(typed, asker, TestContext.Current.CancellationToken);

    public Task<NameAvailability> CheckAndHoldAsync(string? typed, NameHolder? holder = null) =>
        Service.CheckAndHoldAsync(typed, holder ?? Me, TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        await Service.DisposeAsync();
        Meters.Dispose();
    }
}
