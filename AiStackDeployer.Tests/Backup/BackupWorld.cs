using AiStackDeployer.Core.Backup;
using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Persistence;
using AiStackDeployer.Core.Persistence.Sqlite;
using AiStackDeployer.Core.Stacks;
using AiStackDeployer.Tests.Deployments;
using AiStackDeployer.Tests.Persistence;
using AiStackDeployer.Tests.TestKit;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Time.Testing;

namespace AiStackDeployer.Tests.Backup;

/// <summary>A data folder as a portal leaves it, and a place for backups.</summary>
internal sealed class BackupWorld : IDisposable
{
    private readonly List<TestDatabase> _databases = [];
    private readonly DirectoryInfo _backups = Directory.CreateTempSubdirectory("portal-backups-");

    public FakeTimeProvider Time { get; } = new(Some.Start);

    public string BackupFile => Path.Combine(_backups.FullName, "portal.tar.gz");

    public static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>With one stack of this name, whose password is its name, and a key that opens it.</summary>
    public async Task<DataFolder> NewPortalAsync(string stack)
    {
        var database = await TestDatabase.CreateAsync();
        _databases.Add(database);
        Directory.CreateDirectory(database.Data.Keys);
        var claim = Some.Claim(stack);
        var made = claim.Claim!.NewStack;
        await Store(database.Data).BeginAsync(
            claim with
            {
                Claim = claim.Claim with
                {
                    NewStack = new Stack
                {
                    Id = made.Id, Name = made.Name, OwnerId = made.OwnerId, CreatedAt = made.CreatedAt, Url = made.Url, Image = made.Image,
                    UserName = made.UserName, LastDeploymentId = made.LastDeploymentId,
                    ProtectedPassword = Protector(database.Data).Protect(stack),
                },
                },
            },
            Token);
        return database.Data;
    }

    public DataFolder NewFolder()
    {
        var database = TestDatabase.Empty();
        _databases.Add(database);
        return database.Data;
    }

    public static DeploymentStore Store(DataFolder folder) => TestDatabase.StoreOn(TestDatabase.OpenFile(folder.Database));

    public static PeopleStore People(DataFolder folder)
    {
        var contexts = TestDatabase.OpenFile(folder.Database);
        return new PeopleStore(contexts, new StorageMeter(new TestMeters(), contexts, TimeProvider.System));
    }

    public BackupResult Backup(DataFolder folder, bool overwrite = false) =>
        new DataBackup(folder, Time, "1.2.3").ToFile(BackupFile, overwrite, Token);

    public RestoreResult Restore(DataFolder folder, bool overwrite = false, IReadOnlyList<string>? known = null) =>
        new DataRestore(folder, Time, known ?? DatabaseSchema.Known()).Run(BackupFile, overwrite, Token);

    public static BackupFault FaultOf(Func<object> work) => Assert.Throws<BackupException>(work).Fault;

    /// <summary>What a portal that starts on this folder finds: its stacks, each with the password that its keys open.</summary>
    public static async Task<string[]> StacksAsync(DataFolder folder, string? database = null)
    {
        var contexts = TestDatabase.OpenFile(database ?? folder.Database);
        var store = TestDatabase.StoreOn(contexts);
        var protector = Protector(folder);
        var page = await store.ListStacksAsync(new StackQuery { Take = 100 }, Token);
        return [.. page.Rows.Select(r => $"{r.Stack.Name}={protector.Unprotect(r.Stack.ProtectedPassword)}").Order()];
    }

    /// <summary>Nobody holds a connection of the pool any more, as after a portal's end.</summary>
    public void CloseConnections() => _databases.ForEach(d => IdleConnections.CloseIn(d.Data.Path));

    /// <summary>Every file below, with its content.</summary>
    public static Dictionary<string, string> Files(string folder) => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
        .ToDictionary(f => Path.GetRelativePath(folder, f), f => Convert.ToHexString(File.ReadAllBytes(f)));

    public string[] BackupFiles() => [.. Directory.EnumerateFileSystemEntries(_backups.FullName).Select(Path.GetFileName)!];

    public void Dispose()
    {
        foreach (var database in _databases)
        {
            database.Dispose();
        }
        _backups.Delete(recursive: true);
    }

    private static IDataProtector Protector(DataFolder folder) => DataProtectionProvider
        .Create(new DirectoryInfo(folder.Keys), keys => keys.SetApplicationName("ai-stack-deployer")).CreateProtector("stack-password.v1");
}
