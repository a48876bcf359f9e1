using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using AiStackDeployer.Core.Diagnostics;
using AiStackDeployer.Tests.Kills;
using Microsoft.EntityFrameworkCore.Diagnostics;

/// <summary>
/// Runs inside a portal that was started with this assembly in <c>DOTNET_STARTUP_HOOKS</c>, and sends it SIGKILL at the call or commit that
/// its standard input names (<see cref="KillOrder"/>). It only listens to what .NET and EF Core announce by themselves, so the portal under test
/// is the real program.
/// </summary>
/// <remarks>The runtime looks for exactly this name, outside of any namespace.</remarks>
[SuppressMessage("Design", "CA1050", Justification = "The runtime wants it outside of a namespace.")]
internal static class StartupHook
{
    private static readonly Lock Counting = new();
    private static readonly TextWriter Report = new StreamWriter(Console.OpenStandardError()) { AutoFlush = true };
    private static IReadOnlyList<KillOrder> _orders = [];
    private static int[] _met = [];

    public static void Initialize()
    {
        var input = new StreamReader(Console.OpenStandardInput());
        // The first order counts from the very start.
        Accept(input.ReadLine());
        new Thread(() =>
        {
            while (input.ReadLine() is { } line)
            {
                Accept(line);
            }
        }) { IsBackground = true }.Start();
        // Says which operation a call or commit belongs to.
        Trace(DeploymentTraces.Name, new ActivityListener());
        // The readiness probe announces no calls, but opens a connection for each.
        Trace("Experimental.System.Net.Sockets", new ActivityListener
        {
            ActivityStarted = connect => Meet(KillOrder.Before, "connect", connect),
            ActivityStopped = connect => Meet(KillOrder.After, "connect", connect),
        });
        DiagnosticListener.AllListeners.Subscribe(new Observer<DiagnosticListener>(Listen));
    }

    private static void Accept(string? line)
    {
        lock (Counting)
        {
            _orders = KillOrder.ParseAll(line ?? "");
            _met = new int[_orders.Count];
        }
    }

    private static void Trace(string name, ActivityListener listener)
    {
        listener.ShouldListenTo = source => source.Name == name;
        listener.Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData;
        ActivitySource.AddActivityListener(listener);
    }

    private static void Listen(DiagnosticListener listener)
    {
        if (listener.Name == "HttpHandlerDiagnosticListener")
        {
            listener.Subscribe(
                new Observer<KeyValuePair<string, object?>>(OnCall),
                (name, _, _) => name.StartsWith("System.Net.Http.HttpRequestOut", StringComparison.Ordinal));
        }
        else if (listener.Name == "Microsoft.EntityFrameworkCore")
        {
            listener.Subscribe(new Observer<KeyValuePair<string, object?>>(OnCommit), name => name == Committing || name == Committed || name == Executing || name == Saved);
        }
    }

    private static string Committing => RelationalEventId.TransactionCommitting.Name!;

    private static string Committed => RelationalEventId.TransactionCommitted.Name!;

    private static string Executing => RelationalEventId.CommandExecuting.Name!;

    private static string Saved => CoreEventId.SaveChangesCompleted.Name!;

    private static void OnCall(KeyValuePair<string, object?> news)
    {
        var request = (HttpRequestMessage?)news.Value?.GetType().GetProperty("Request")?.GetValue(news.Value);
        if (request?.RequestUri is { } address && (news.Key.EndsWith(".Start", StringComparison.Ordinal) || news.Key.EndsWith(".Stop", StringComparison.Ordinal)))
        {
            Meet(news.Key.EndsWith(".Start", StringComparison.Ordinal) ? KillOrder.Before : KillOrder.After, address.Segments[^1]);
        }
    }

    private static void OnCommit(KeyValuePair<string, object?> news)
    {
        if (news.Key == Committing || news.Key == Committed)
        {
            Meet(news.Key == Committing ? KillOrder.Before : KillOrder.After, KillOrder.Commit);
        }
        else if (news.Key == Saved)
        {
            Meet(KillOrder.After, KillOrder.Save);
        }
        else if (news.Value is CommandEventData { CommandSource: CommandSource.SaveChanges or CommandSource.ExecuteUpdate or CommandSource.ExecuteDelete, Command.Transaction: null })
        {
            // A single statement is its own commit.
            Meet(KillOrder.Before, KillOrder.Save);
        }
    }

    private static void Meet(string side, string what, Activity? within = null)
    {
        var scenario = Scenario(within ?? Activity.Current);
        lock (Counting)
        {
            for (var i = 0; i < _orders.Count; i++)
            {
                if (_orders[i].IsList)
                {
                    Report.WriteLine($"{KillOrder.Met} {scenario} {side} {what}");
                }
                else if (_orders[i].Fits(scenario, side, what) && ++_met[i] == _orders[i].Nth)
                {
                    Kill($"{KillOrder.Killed} {scenario} {side} {what}: {_orders[i]}", _orders[i].Delay);
                }
            }
        }
    }

    /// <summary>The kind of the operation whose run this is; a deployment's is in its stack's name, which says what is to become of it.</summary>
    private static string Scenario(Activity? activity)
    {
        for (; activity is not null; activity = activity.Parent)
        {
            if (activity.GetTagItem("aistack.kind") is string kind && activity.GetTagItem("aistack.stack.name") is string name)
            {
                return kind == "deploy" ? name[..Math.Max(0, name.IndexOf('-', StringComparison.Ordinal))] : kind;
            }
        }
        return KillOrder.OutsideOfRuns;
    }

    private static void Kill(string why, TimeSpan delay)
    {
        if (delay == TimeSpan.Zero)
        {
            Kill(why);
        }
        var begun = TimeProvider.System.GetTimestamp();
        new Thread(() =>
        {
            // Far shorter than what a timer can do.
            while (TimeProvider.System.GetElapsedTime(begun) < delay)
            {
                Thread.SpinWait(20);
            }
            Kill(why);
        }) { IsBackground = true, Priority = ThreadPriority.Highest }.Start();
    }

    private static void Kill(string why)
    {
        Report.WriteLine(why);
        _ = SendSignal(Environment.ProcessId, 9);
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int SendSignal(int process, int signal);

    private sealed class Observer<T>(Action<T> onNext) : IObserver<T>
    {
        public void OnNext(T value) => onNext(value);

        public void OnCompleted()
        {
        }

        public void OnError(Exception error)
        {
        }
    }
}
