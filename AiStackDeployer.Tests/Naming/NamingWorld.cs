using AiStackDeployer.Core.Naming;
using AiStackDeployer.Tests.TestKit;
using Microsoft.Extensions.Time.Testing;

namespace AiStackDeployer.Tests.Naming;

/// <summary>One portal's worth of naming over fakes.</summary>
internal sealed class NamingWorld : IDisposable
{
    public static readonly NameHolder Me = new("form-1", "me");
    public static readonly NameHolder Other = new("form-9", "other");

    public NamingWorld()
    {
        List = new UpstreamNameList(Upstream, Time, Options);
        Service = new NameAvailabilityService(new NameRules(ReservedNames.Default), Register, List, new NameCheckMeter(Meters), Time, Options);
    }

    public NamingOptions Options { get; } = new();

    public TestMeters Meters { get; } = new();

    public FakeTimeProvider Time { get; } = new();

    public FakeRegister Register { get; } = new();

    public FakeUpstream Upstream { get; } = new();

    public UpstreamNameList List { get; }

    public NameAvailabilityService Service { get; }

    public DateTimeOffset Now => Time.GetUtcNow();

    public Task<NameAvailability> CheckAsync(string? typed, NameHolder? asker = null) =>
        Service.CheckAsync(typed, asker, TestContext.Current.CancellationToken);

    public Task<NameAvailability> CheckAndHoldAsync(string? typed, NameHolder? holder = null) =>
        Service.CheckAndHoldAsync(typed, holder ?? Me, TestContext.Current.CancellationToken);

    public Task<UpstreamNames> ListAsync() => List.GetAsync(TestContext.Current.CancellationToken);

    public void Dispose()
    {
        List.Dispose();
        Meters.Dispose();
    }
}
