# Completion of sevlog for PowerShell.  Enable it with this line in $PROFILE:
#   sevlog completion powershell | Out-String | Invoke-Expression

Register-ArgumentCompleter -Native -CommandName sevlog -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    $line = $commandAst.Extent.Text
    $length = $cursorPosition - $commandAst.Extent.StartOffset
    $line = if ($length -lt $line.Length) { $line.Substring(0, $length) } else { $line.PadRight($length) }

    $before = $env:_SEVLOG_COMPLETE, $env:COMP_LINE
    try {
        $env:_SEVLOG_COMPLETE, $env:COMP_LINE = 'powershell_complete', $line
        $rows = @(& $commandAst.GetCommandName() 2>$null)
    } catch {
        $rows = @()
    } finally {
        $env:_SEVLOG_COMPLETE, $env:COMP_LINE = $before
    }

    foreach ($row in $rows) {
        $kind, $word, $about = $row -split "`t", 3
        if ($kind -in 'plain', 'part') {
            $tip = if ($about) { $about } else { $word }
            [System.Management.Automation.CompletionResult]::new($word, $word, 'ParameterValue', $tip)
        }
    }
}
